"""Natural language that a code-generating model would follow: what it asks for, told from what it only mentions.

:func:`bluehook.text.judge.judge` is the door; :mod:`bluehook.text.judgement` is what it answers in.
"""
