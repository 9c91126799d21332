"""The texts of a file that go to a model: messages, system prompts, templates, constants that are called prompts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from bluehook.detect.instructions.texts import Text, Texts
from bluehook.parse import Call, ParsedFile, literal_string

_CLIENTS = (
    "openai", "anthropic", "litellm", "langchain", "llama_index", "genai", "generativeai", "ollama", "transformers",
    "huggingface_hub", "mistralai", "cohere", "groq", "pydantic_ai", "autogen", "crewai", "smolagents", "vllm",
    "semantic_kernel", "haystack",
)  # fmt: skip
_CLIENT_BYTES = tuple(name.encode() for name in _CLIENTS)
_CALLS: dict[str, tuple[tuple[str, ...], int | None]] = {
    # The last part of a callee: keywords that hold text, and the position of a text without one.
    "create": (("prompt", "input", "instructions", "system"), None),
    "parse": (("input", "instructions", "system"), None),
    "stream": (("prompt", "input", "instructions", "system"), None),
    "completion": (("prompt",), None),
    "acompletion": (("prompt",), None),
    "responses": (("input", "instructions"), None),
    "generate": (("prompt", "system"), None),
    "chat": (("message", "preamble", "system"), None),
    "generate_content": (("contents",), 0),
    "generate_content_async": (("contents",), 0),
    "send_message": (("message", "content"), 0),
    "text_generation": (("prompt",), 0),
    "SystemMessage": (("content",), 0),
    "HumanMessage": (("content",), 0),
    "ChatMessage": (("content",), None),
    "SystemMessagePromptTemplate": (("template",), 0),
    "from_template": (("template",), 0),
    "PromptTemplate": (("template",), None),
    "GenerativeModel": (("system_instruction",), None),
    "GenerateContentConfig": (("system_instruction",), None),
    "Agent": (("instructions", "system_prompt", "goal", "backstory"), None),
    "AssistantAgent": (("system_message",), None),
    "ConversableAgent": (("system_message",), None),
    "Task": (("description",), None),
    "invoke": ((), 0),
    "ainvoke": ((), 0),
    "predict": ((), 0),
}
_ROLES = frozenset({"system", "user", "developer", "human"})
_PROMPT_NAME = re.compile(r"(?i)(?:^|_)(?:prompts?|instructions?|system_?message|persona|preamble)(?:_|$|template|\d)")
_PIPELINE = "transformers.pipeline"
_LEAST_WORDS = 3


def wants(utf8: bytes) -> bool:
    """Whether a file uses a model's client."""
    return any(name in utf8 for name in _CLIENT_BYTES)


def prompts(file: ParsedFile, texts: Texts) -> Iterator[Text]:
    """The texts that this file gives to a model, each once, in no particular order."""
    seen: set[tuple[int, int]] = set()
    for node in _nodes(file):
        text = texts.of(node)
        if text is None or len(text.said.split()) < _LEAST_WORDS:
            continue
        key = text.parts[0].node.byte_range
        if key not in seen:
            seen.add(key)
            yield text


def _nodes(file: ParsedFile) -> Iterator[Node]:
    imported = (*file.imports.values(), *file.names.wildcards)
    if not any(client in name.lower() for name in imported for client in _CLIENTS):
        return
    pipelines = set(_pipelines(file))
    for call in file.calls:
        yield from _of_call(call, pipelines)
    captures = _captures(file)
    for pair in captures.get("pair", []):
        content = _message(file, pair)
        if content is not None:
            yield content
    for item in captures.get("tuple", []):
        first, *rest = item.named_children
        if literal_string(first, file.node_text) in _ROLES and len(rest) == 1:
            yield rest[0]
    for node in captures.get("assignment", []):
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None and right is not None and _PROMPT_NAME.search(file.node_text(left)):
            yield right


def _pipelines(file: ParsedFile) -> Iterator[str]:
    """The names that hold a pipeline of transformers."""
    for call in file.calls:
        around = call.node.parent
        if call.name == _PIPELINE and around is not None and around.type == "assignment":
            left = around.child_by_field_name("left")
            yield file.node_text(left) if left is not None else ""


def _of_call(call: Call, pipelines: set[str]) -> Iterator[Node]:
    last = call.name.rpartition(".")[2]
    if call.name in pipelines:
        row: tuple[tuple[str, ...], int | None] | None = ((), 0)
    else:
        row = _CALLS.get(last)
    if row is None:
        return
    keywords, position = row
    for argument in call.arguments:
        if argument.keyword in keywords:
            yield argument.node
    if position is not None:
        found = call.argument(position)
        if found is not None and found.keyword is None:
            yield found.node


def _message(file: ParsedFile, pair: Node) -> Node | None:
    """The content of a message: a pair ``"role": "system"`` and the pair ``"content"`` beside it."""
    key, value, around = pair.child_by_field_name("key"), pair.child_by_field_name("value"), pair.parent
    if literal_string(key, file.node_text) != "role" or around is None:
        return None
    if literal_string(value, file.node_text) not in _ROLES:
        return None
    for other in around.named_children:
        named = other.child_by_field_name("key") if other.type == "pair" else None
        if literal_string(named, file.node_text) in ("content", "parts"):
            return other.child_by_field_name("value")
    return None


def _captures(file: ParsedFile) -> dict[str, list[Node]]:
    from tree_sitter import QueryCursor

    from bluehook.parse import syntax

    source = "(pair key: (string)) @pair (tuple . (string)) @tuple (assignment left: (identifier)) @assignment"
    return QueryCursor(syntax.query(source)).captures(file.root)
