"""Where code may be sent, and who may say so.

A pull request can bring its own pyproject.toml. If that file could name the endpoint, whoever opens a pull request
would be sent the code of the repository and the reviewer's key. So an endpoint holds only when the user named it: in
the environment, in the user's own file (``check.toml`` in bluehook's configuration folder), or in the file given with
``--config``. One that the repository names holds only where the user accepts it: ``BLUEHOOK_CHECK_ALLOW`` lists the
addresses that may be used. The key is never read from a file, and which variable holds it is the user's word too:
a repository's ``key-env`` could name any secret of the environment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec

from bluehook.check.model import Endpoint, Limits
from bluehook.config import CheckSettings
from bluehook.findings import BluehookError

FILE = "check.toml"


class Preset(NamedTuple):
    """A kind of server: its address unless told otherwise, where its key is found, and whether it works without one."""

    url: str
    key_env: str
    keyless: bool


PRESETS = {
    "openai": Preset("https://api.openai.com/v1", "OPENAI_API_KEY", False),
    "azure": Preset("", "AZURE_OPENAI_API_KEY", False),
    "ollama": Preset("http://127.0.0.1:11434/v1", "", True),
    "vllm": Preset("http://127.0.0.1:8000/v1", "VLLM_API_KEY", True),
    "llama.cpp": Preset("http://127.0.0.1:8080/v1", "LLAMA_API_KEY", True),
}
_NO_PRESET = Preset("", "", True)


class Found(NamedTuple):
    """The endpoint, or why there is none, in one line."""

    endpoint: Endpoint | None
    reason: str = ""


class _Own(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """The user's own file. Its limits bound what a repository's configuration may spend; ``None`` leaves it free."""

    preset: str = ""
    base_url: str = ""
    model: str = ""
    models: tuple[str, ...] = ()
    key_env: str = ""
    embeddings: str = ""
    max_calls: Annotated[int, msgspec.Meta(ge=1)] | None = None
    max_tokens: Annotated[int, msgspec.Meta(ge=1)] | None = None
    max_seconds: Annotated[float, msgspec.Meta(gt=0)] | None = None


def bounded(limits: Limits, folder: Path | None = None) -> Limits:
    """The limits of a run, none above those of the user's own file: a pull request does not raise what a run may spend.

    :param folder: the user's configuration folder; ``None`` for the usual one.
    :raises BluehookError: the user's own file is not in order.
    """
    own = _own(folder)
    most = {"calls": own.max_calls, "tokens": own.max_tokens, "seconds": own.max_seconds}
    # A limit of 0 is none.
    held = {key: min(getattr(limits, key) or bound, bound) for key, bound in most.items() if bound is not None}
    return msgspec.structs.replace(limits, **held)


def find(
    settings: CheckSettings,
    origin: Callable[[str], str],
    environment: Mapping[str, str],
    *,
    named: bool = False,
    folder: Path | None = None,
) -> Found:
    """The endpoint that may be used.

    :param origin: where the value of a dotted key comes from, as in ``Config.origin``.
    :param named: the configuration file was named by the user.
    :param folder: the user's configuration folder; ``None`` for the usual one.
    :raises BluehookError: the user's own file is not in order.
    """
    own = _own(folder)
    mine = {key for key in ("preset", "base-url") if named or origin(f"check.{key}").startswith(("env", "command"))}
    url, preset, who = "", "", ""
    if ("base-url" in mine and settings.base_url) or ("preset" in mine and settings.preset):
        url = settings.base_url if "base-url" in mine else ""
        preset = settings.preset if "preset" in mine else ""
        who = origin("check.base-url" if url else "check.preset")
    elif own.base_url or own.preset:
        url, preset, who = own.base_url, own.preset, f"your {FILE}"
    elif settings.base_url or settings.preset:
        url, preset = settings.base_url, settings.preset
        address = url or PRESETS[preset].url
        if not _allowed(address, environment.get("BLUEHOOK_CHECK_ALLOW", "")):
            return Found(
                None,
                f"{origin('check.base-url' if url else 'check.preset')} names {address or preset}, but a repository "
                f"does not decide where code goes; BLUEHOOK_CHECK_ALLOW={address or 'URL'} accepts it",
            )
        who = origin("check.base-url" if url else "check.preset")
    if not url and not preset:
        return Found(None, "no endpoint is set; BLUEHOOK_CHECK_URL or BLUEHOOK_CHECK_PRESET names one")
    if preset and preset not in PRESETS:
        raise BluehookError(f"{who}: preset: expected one of {', '.join(PRESETS)}, found {preset!r}")
    if not named and not origin("check.key-env").startswith(("env", "command")):
        settings = msgspec.structs.replace(settings, key_env="")
    return _complete(settings, own, environment, url, preset, who)


def _complete(
    settings: CheckSettings, own: _Own, environment: Mapping[str, str], url: str, preset: str, who: str
) -> Found:
    kind = PRESETS.get(preset, _NO_PRESET)
    url = (url or kind.url or environment.get("AZURE_OPENAI_ENDPOINT", "")).rstrip("/")
    if not url.startswith(("https://", "http://")):
        return Found(None, f"{who}: expected an address that begins with https:// or http://, found {url!r}")
    if preset == "azure" and not url.endswith("/openai/v1"):
        url += "/openai/v1"
    models = tuple(dict.fromkeys(name for name in (settings.model or own.model, *settings.models, *own.models) if name))
    if not models:
        return Found(None, f"{url}: no model is set; BLUEHOOK_CHECK_MODEL names one")
    variable = settings.key_env or own.key_env or kind.key_env
    key = environment.get("BLUEHOOK_CHECK_KEY") or (environment.get(variable, "") if variable else "")
    if not key and (not kind.keyless or settings.key_env or own.key_env):
        return Found(None, f"{url}: no key; set BLUEHOOK_CHECK_KEY or {variable or 'the variable that key-env names'}")
    embeddings = settings.embeddings or own.embeddings
    return Found(Endpoint(url=url, models=models, key=key, preset=preset, embeddings=embeddings, origin=who))


def _allowed(url: str, allowed: str) -> bool:
    """Whether an address is one of a list, or lies below one; ``https://a.example`` is not ``https://a.example.org``."""
    wanted = url.rstrip("/") + "/"
    return not re.search(r"\.\.|%2e|[\\\s]", url, re.IGNORECASE) and any(
        wanted.startswith(each.strip().rstrip("/") + "/") for each in allowed.split(",") if each.strip()
    )


def _own(folder: Path | None) -> _Own:
    import platformdirs

    from bluehook.config.source import read

    place = folder or Path(platformdirs.user_config_dir("bluehook", appauthor=False))
    source = read(place / FILE, str(place / FILE))
    if source is None:
        return _Own()
    try:
        return msgspec.convert(source.raw, _Own)
    except msgspec.ValidationError as error:
        raise BluehookError(f"{place / FILE}: {error}") from error
