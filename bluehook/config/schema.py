"""The keys of ``[tool.bluehook]``, their types and defaults, as msgspec structs: the one list of what can be set.

Names are written in kebab-case in TOML (``fail_on`` is ``fail-on``); a key that is not here is refused. The page for
readers is docs/configuration.md, and a test holds the two together.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

MIB = 1024 * 1024

DEFAULT_FOLDERS = frozenset(
    {".bzr", ".eggs", ".git", ".hg", ".mypy_cache", ".nox", ".pytest_cache", ".ruff_cache", ".svn", ".tox", ".venv"}
    | {"__pycache__", "__pypackages__", "_vendor", "build", "dist", "node_modules", "site-packages", "vendor", "venv"}
)
"""Folders that a walk through a tree does not enter, while ``default-exclude`` is true: nobody edits code there."""

TEST_PATHS = (
    "**/test/**",
    "**/tests/**",
    "**/testing/**",
    "**/test_*.py",
    "**/*_test.py",
    "**/tests.py",
    "**/conftest.py",
)
"""What counts as test code unless ``test-paths`` says otherwise."""

TEST_IGNORE = (
    "biased-code",
    "bind-all-interfaces",
    "certificate-validation",
    "cleartext-transmission",
    "csrf",
    "debug-mode",
    "error-exposure",
    "file-permissions",
    "hard-coded-credential",
    "information-exposure",
    "input-validation",
    "insecure-cookie",
    "insecure-temp-file",
    "log-injection",
    "missing-authorization",
    "plaintext-password",
    "predictable-salt",
    "race-condition",
    "resource-exhaustion",
    "static-iv",
    "weak-hash",
    "weak-key-size",
    "weak-random",
)
"""Weaknesses that are ordinary in fixtures; the relaxed test profile leaves them out."""


class Engines(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """Which detectors run, and how many seconds (``timeout``) one may spend on one file, Semgrep on one rule of it."""

    sinks: bool = True
    flow: bool = True
    semgrep: bool = True
    bandit: bool = True
    constitutions: bool = True
    bias: bool = True
    instructions: bool = True
    timeout: Annotated[float, msgspec.Meta(gt=0)] = 5.0


class CacheSettings(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """Where answers are kept: ``directory`` is absolute or starts with ``~`` (empty: the user's cache directory).

    ``max_size`` is in bytes; the entries that were not used for longest go first.
    """

    enabled: bool = True
    directory: str = ""
    max_size: Annotated[int, msgspec.Meta(gt=0)] = 256 * MIB


class VerifySettings(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """Whether findings are attacked, and how: ``budget`` are seconds for all attacks in a hook (0: no limit),
    ``workers`` processes at a time (0: one a processor, four at most).

    ``auto`` attacks wherever nobody waits for a commit: by hand, before a push and in CI.

    ``python`` is the interpreter to attack on, relative to the folder of the configuration file (empty: the project's
    own is looked for).
    """

    enabled: bool | Literal["auto"] = "auto"
    budget: Annotated[float, msgspec.Meta(ge=0)] = 10.0
    workers: Annotated[int, msgspec.Meta(ge=0)] = 0
    python: str = ""


class Price(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What a model costs for a million tokens, in whatever currency ``max-cost`` is meant in."""

    model: str
    input: Annotated[float, msgspec.Meta(ge=0)]
    output: Annotated[float, msgspec.Meta(ge=0)]


class CheckSettings(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """Whether a language model is asked about what is still open, which one, and what it may cost.

    ``preset`` names a kind of server, ``base_url`` one of its own; where code goes is not decided by a file that a
    pull request can bring (``check/endpoint.py``). ``models`` are asked in turn when ``model`` fails. ``key_env`` names
    the variable with the key. A limit of 0 is none. ``required`` makes a question without an answer count as something
    that was not looked at.
    """

    enabled: bool = False
    preset: Literal["", "openai", "azure", "ollama", "vllm", "llama.cpp"] = ""
    base_url: str = ""
    model: str = ""
    models: tuple[str, ...] = ()
    key_env: str = ""
    embeddings: str = ""
    tester: bool = True
    required: bool = False
    max_calls: Annotated[int, msgspec.Meta(ge=0)] = 60
    max_tokens: Annotated[int, msgspec.Meta(ge=0)] = 300_000
    max_seconds: Annotated[float, msgspec.Meta(ge=0)] = 300.0
    max_cost: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    prices: tuple[Price, ...] = ()
    concurrency: Annotated[int, msgspec.Meta(ge=1, le=64)] = 4
    timeout: Annotated[float, msgspec.Meta(gt=0)] = 60.0
    context_tokens: Annotated[int, msgspec.Meta(ge=500)] = 4000


INSTRUCTION_FILES = (
    "AGENTS.md", "AGENT.md", "AGENTS.*.md", "CLAUDE.md", "CLAUDE.*.md", "GEMINI.md", "QWEN.md", "CONVENTIONS.md",
    ".cursorrules", ".windsurfrules", ".clinerules", ".roorules", ".rules", ".goosehints", ".aider.conf.yml",
    ".cursor/rules/**", ".windsurf/rules/**", ".clinerules/**", ".roo/rules*/**", ".amazonq/rules/**",
    ".kiro/steering/**", ".github/copilot-instructions.md", ".github/instructions/**", ".github/chatmodes/**",
    ".github/agents/**", ".claude/agents/**", ".claude/commands/**", ".claude/skills/**", ".codex/**/*.md",
    ".gemini/**/*.md", ".agents/**/*.md", "SKILL.md", "skills/**/*.md", "mcp.json", ".mcp.json", "*.mcp.json",
    "mcp/**/*.json", "llms.txt", "llms-full.txt",
)  # fmt: skip
"""Files that coding agents read and follow, and descriptions of the tools that they are offered."""

PROMPT_FILES = (
    "*.prompt",
    "*.prompt.md",
    "*.prompt.txt",
    "*.prompty",
    "prompts/**",
    "system_prompt*",
    "system-prompt*",
)
"""Files that are given to a model as requests."""


class TaskThresholds(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """The least scores at which a text blocks and at which it is a warning; ``None``: as shipped for its surface."""

    block: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    warn: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None


class InstructionSettings(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """Which files are instructions (``files``) or prompts, as globs, and how strictly texts are judged."""

    files: tuple[str, ...] = INSTRUCTION_FILES
    prompts: tuple[str, ...] = PROMPT_FILES
    only_certain: bool = False
    malicious: TaskThresholds = TaskThresholds()
    biased: TaskThresholds = TaskThresholds()
    injecting: TaskThresholds = TaskThresholds()


class PerPath(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """Settings for the files that match ``paths``: more to ignore, and whether they are test code (None: as found)."""

    paths: tuple[str, ...]
    ignore: tuple[str, ...] = ()
    test: bool | None = None


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """All that can be set. Globs are read as in .gitignore, relative to the folder of the file that they stand in."""

    fail_on: Literal["proven", "likely", "possible", "never"] = "likely"
    """The least verdict that blocks."""
    on_incomplete: Literal["warn", "fail"] = "warn"
    """What follows when something could not be looked at; the default is ``fail`` where the variable CI is set."""
    all_findings: bool = False
    """Report what was there before the change as well."""
    offline: bool = False
    """Open no socket."""
    exclude: tuple[str, ...] = ()
    """Globs of files that are left out unless they are named on the command line."""
    default_exclude: bool = True
    """Whether a walk through a tree leaves out :data:`DEFAULT_FOLDERS`."""
    max_file_size: Annotated[int, msgspec.Meta(gt=0)] = 2 * MIB
    """Larger files (bytes) are reported instead of scanned: no hand-written module comes near, generated ones do."""
    test_paths: tuple[str, ...] = TEST_PATHS
    """Globs of test code."""
    test_profile: Literal["relaxed", "off", "same"] = "relaxed"
    """How test code is judged: leniently and never blocking, not at all, or like the rest."""
    ignore: tuple[str, ...] = ()
    """Weaknesses (slugs or CWE numbers) that are not reported."""
    per_path: tuple[PerPath, ...] = ()
    """Settings for some files only."""
    require_reason: bool = False
    """Whether an inline ignore counts only with a reason."""
    baseline: str | None = None
    """File of the findings that were known before, relative to the folder of the configuration file."""
    rules: tuple[str, ...] = ()
    """Folders of own Semgrep rules, relative to the folder of the configuration file."""
    sanitizers: tuple[str, ...] = ()
    """Dotted names of own functions whose result is safe."""
    constitutions: str = ".bluehook/constitutions"
    """Folder of own constitutions, relative to the folder of the configuration file."""
    engines: Engines = Engines()
    cache: CacheSettings = CacheSettings()
    verify: VerifySettings = VerifySettings()
    check: CheckSettings = CheckSettings()
    instructions: InstructionSettings = InstructionSettings()


RUN_WIDE = (
    "all-findings",
    "baseline",
    "cache",
    "check",
    "constitutions",
    "engines",
    "offline",
    "on-incomplete",
    "rules",
    "sanitizers",
    "verify",
)
"""Keys that hold for a run as a whole: only the configuration of the run itself is asked for them."""


def flatten(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Dotted keys of a nested table, depth first: ``{"cache": {"enabled": 1}}`` gives ``{"cache.enabled": 1}``."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat.update(flatten(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = value
    return flat
