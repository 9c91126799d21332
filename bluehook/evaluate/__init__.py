"""Evaluate: how well something tells unsafe from safe on a labelled corpus.

``corpus`` reads the cases, ``questions`` asks a language model about them (barely, or with everything that the check
knows), ``local`` runs the stages that need none, ``score`` counts, ``table`` prints.
"""
