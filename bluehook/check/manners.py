"""What a model's server takes: learned from its refusals, since servers of one protocol differ."""

from __future__ import annotations

from typing import Any

import msgspec

from bluehook.check import completions
from bluehook.check.model import Form, Request

_THINKING = 5
"""How many times the tokens of its answer a model may take that thinks before it answers."""


class Manners(msgspec.Struct):
    """What one model's server takes, learned from its refusals."""

    forms: tuple[completions.As, ...] = completions.FORMS
    temperature: bool = True
    seed: bool = True
    limit: str = "max_tokens"

    def longest(self, request: Request) -> int:
        """The tokens that an answer may take: servers that ask for the other name count what the model thinks, too."""
        return request.longest * (_THINKING if self.limit == "max_completion_tokens" else 1)

    def options(self, request: Request, form: type[Form]) -> dict[str, Any]:
        """What a call is sent besides its messages."""
        options: dict[str, Any] = {
            self.limit: self.longest(request),
            **completions.answer_as(self.forms[0], request, form),
        }
        if self.temperature:
            options["temperature"] = completions.TEMPERATURE
        if self.seed:
            options["seed"] = completions.SEED
        return options

    def adapt(self, said: str, options: dict[str, Any]) -> bool:
        """Leave out what a server complains of; false when there is nothing left to leave out."""
        said = said[:4000].lower()
        if "temperature" in said and self.temperature:
            self.temperature = False
        elif "seed" in said and self.seed:
            self.seed = False
        elif "max_completion_tokens" in said and self.limit == "max_tokens":
            self.limit = "max_completion_tokens"
        elif "response_format" in options and len(self.forms) > 1:
            self.forms = self.forms[1:]
        else:
            return False
        return True
