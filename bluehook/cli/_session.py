"""What the commands that look at files share: where the root is, which configuration and cache hold."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bluehook.cache import Cache, default_directory
from bluehook.collect import Options, Repository
from bluehook.config import Configs, in_ci, overrides
from bluehook.findings import Problem

if TYPE_CHECKING:
    from bluehook import check, verify
    from bluehook.check.endpoint import Found
    from bluehook.check.model import Asker, Endpoint
    from bluehook.scan import Checks


_UNASKED_SECONDS = 60.0
"""For all attacks of a scan by hand that did not ask for them."""


def there(python: Path) -> Path:
    """The interpreter, or its environment, that the command line names, as an absolute path.

    Raises:
        BluehookError: there is none, or of a version that attacks do not run on. Whoever names one means that one.
    """
    from bluehook.verify import interpreter

    named = python.absolute()
    interpreter.find(named.parent, named, os.environ)
    return named


class Session:
    """One call of the program: ``start`` is where the user stands, ``given`` are settings by dotted key (None: unset).

    :raises BluehookError: the configuration that the user named is not in order.
    """

    def __init__(self, given: Mapping[str, object], *, config: Path | None = None, start: Path | None = None) -> None:
        self.start = start or Path.cwd()
        self.named = config is not None
        self.repository = Repository.find(self.start)
        self.root = self.repository.root if self.repository is not None else self.start
        self.configs = Configs(
            self.root,
            self.start,
            file=config,
            bounded=self.repository is not None,
            given=overrides(given, os.environ),
        )

    @cached_property
    def cache(self) -> Cache | None:
        """The cache, or ``None`` where it is switched off."""
        settings = self.configs.run.settings.cache
        if not settings.enabled:
            return None
        directory = Path(settings.directory).expanduser() if settings.directory else default_directory()
        return Cache(directory, max_size=settings.max_size)

    def attacks(self, hook: str | None) -> verify.Settings | None:
        """How findings are verified, or ``None`` where they are not; ``hook`` is the git hook that runs, if one does.

        A hook is in a hurry, and so is whoever did not ask for attacks and gets them all the same.
        """
        settings = self.configs.run.settings.verify
        if settings.enabled is False or self.spares_commit(hook):
            return None
        from bluehook import verify

        budget = settings.budget if hook is not None else _UNASKED_SECONDS if settings.enabled == "auto" else 0.0
        return verify.Settings(
            budget=budget,
            workers=settings.workers,
            python=self.configs.run.resolve(settings.python) if settings.python else None,
        )

    def spares_commit(self, hook: str | None) -> bool:
        """Whether nothing is attacked only because a commit waits."""
        automatic = self.configs.run.settings.verify.enabled == "auto"
        return automatic and hook == "pre-commit" and not in_ci(os.environ)

    def endpoint(self) -> Found:
        """Where questions would go, or why nowhere."""
        from bluehook.check import endpoint

        run = self.configs.run
        return endpoint.find(run.settings.check, run.origin, os.environ, named=self.named)

    def checks(self) -> Checks | None:
        """How a language model is asked, or ``None`` where it is not."""
        run = self.configs.run.settings
        if not run.check.enabled:
            return None
        from bluehook.scan import Checks

        if run.offline:
            return Checks(None, "offline: nothing is sent")
        found = self.endpoint()
        if found.endpoint is None:
            return Checks(None, found.reason)
        return Checks(self.asking(found.endpoint))

    def recording(self, asker: Asker) -> Checks:
        """Checks that go to ``asker`` and nowhere else, whether an endpoint is set or not."""
        from bluehook.check.record import NOWHERE
        from bluehook.scan import Checks

        settings = self.configs.run.settings
        endpoint = None if settings.offline else self.endpoint().endpoint
        return Checks(self.asking(endpoint or NOWHERE), asker=asker)

    def asking(self, endpoint: Endpoint) -> check.Settings:
        """How an endpoint is asked."""
        from bluehook import check
        from bluehook.check.endpoint import bounded
        from bluehook.check.model import Limits, Price

        own = self.configs.run.settings.check
        limits = Limits(
            calls=own.max_calls,
            tokens=own.max_tokens,
            seconds=own.max_seconds,
            cost=own.max_cost,
            prices={price.model: Price(price.input, price.output) for price in own.prices},
        )
        return check.Settings(
            endpoint=endpoint,
            limits=bounded(limits),
            concurrency=own.concurrency,
            timeout=own.timeout,
            context_tokens=own.context_tokens,
            tester=own.tester,
            required=own.required,
        )

    def limits(self, *, walked: bool) -> Options:
        """Which files to leave out; ``walked`` when a tree is searched rather than a change looked at."""

        def excluded(path: str) -> bool:
            config = self.configs.of(path)
            return config.excluded(path, walked=walked) or config.for_path(path).excluded

        settings = self.configs.run.settings
        return Options(max_size=settings.max_file_size, excluded=excluded, offline=settings.offline)

    def cache_problems(self) -> list[Problem]:
        """What the cache could not do."""
        return list(self.cache.problems) if self.cache is not None else []
