"""The weaknesses that bluehook knows, each said once: rules, sinks, probes, reports, ignore comments use these names.

A row's ``slug`` is the name of its file in ``rules/``, of its probe, its heading in ``docs/weaknesses.md`` and what
stands in ``# bluehook: ignore[...]`` (where the CWE number does as well). Numbers and titles follow the Common
Weakness Enumeration, https://cwe.mitre.org/data/definitions/<n>.html. Imports nothing of ours.
"""

from __future__ import annotations

from typing import NamedTuple


class Weakness(NamedTuple):
    """One kind of flaw.

    ``cwe`` is the number reported, ``kin`` the numbers that an ignore comment or a configuration may use for it as
    well. ``severity`` is a CVSS-like base score from 0.0 to 10.0 (``security-severity`` in SARIF). ``attack`` says
    what an attacker does with it, ``fix`` what to do instead; both are one or two sentences.
    """

    slug: str
    cwe: int
    title: str
    severity: float
    attack: str
    fix: str
    kin: tuple[int, ...] = ()

    @property
    def url(self) -> str:
        """The CWE definition."""
        return f"https://cwe.mitre.org/data/definitions/{self.cwe}.html"


_ROWS = [
    Weakness(
        "archive-extraction", 22, "Archive extracted without checking member names", 8.1,
        "A member named ../../etc/cron.d/x in the archive is written outside the target directory.",
        "Extract tar files with filter='data'; for others resolve each member's path and require it to be relative "
        "to the target before writing.", (23, 36, 73),
    ),
    Weakness(
        "argument-injection", 88, "Value can become an option of the program that is run", 7.5,
        "A value such as --output=/etc/passwd is taken as an option by the program that is started.",
        "Put '--' before the value, or refuse values that start with '-'.", (74, 77),
    ),
    Weakness(
        "biased-code", 840, "Decision on a protected attribute", 5.4,
        "People are chosen, scored or refused for their race, sex, age, faith, origin or disability, which harms them "
        "and is against the law in most places.",
        "Decide by criteria that the task needs; measure fairness with the attribute, but keep it out of the decision.",
    ),
    Weakness(
        "biased-instruction", 1426, "Instruction asks for a decision on a protected attribute", 5.4,
        "A model that follows it writes code that scores, filters or words by race, sex, age, faith, origin, "
        "disability or something that stands for them.",
        "Ask for criteria that the decision needs; to measure fairness or to meet a law, say so in the request.",
    ),
    Weakness(
        "bind-all-interfaces", 605, "Service listens on every network interface", 4.3,
        "Everyone who can reach any address of the host can talk to the service.",
        "Bind to 127.0.0.1, or take the address from configuration.", (1327,),
    ),
    Weakness(
        "certificate-validation", 295, "Certificate of the peer is not checked", 7.4,
        "Whoever sits between the two ends presents any certificate, reads and changes the traffic.",
        "Leave verification on; for a private authority pass its certificate (verify='ca.pem', cafile=...).",
        (296, 297, 322, 599),
    ),
    Weakness(
        "cleartext-transmission", 319, "Sensitive data sent over an unencrypted channel", 6.5,
        "Anyone on the path reads user names, passwords and content as they pass.",
        "Use the encrypted form of the protocol: https, FTP over TLS, SMTP with starttls, SSH.", (523, 311),
    ),
    Weakness(
        "code-injection", 94, "Input is executed as code", 9.8,
        "An expression such as __import__('os').system('...') in the input runs with the rights of the program.",
        "Use ast.literal_eval, json.loads or a table of allowed operations instead of evaluating text.", (95, 96),
    ),
    Weakness(
        "command-injection", 78, "Input becomes part of a shell command", 9.8,
        "A value such as x; rm -rf ~ ends the command and starts another one.",
        "Run the program with a list of arguments and no shell; where a shell is needed, quote with shlex.quote.",
        (77,),
    ),
    Weakness(
        "cross-site-scripting", 79, "Input reaches a page without escaping", 6.1,
        "A <script> in the value runs in the victim's browser with the victim's session.",
        "Render it through a template with autoescaping, or escape it with markupsafe.escape or html.escape.",
        (80, 116),
    ),
    Weakness(
        "csrf", 352, "State changes without protection against forged requests", 6.5,
        "A page elsewhere makes the victim's browser send the request with the victim's cookies.",
        "Keep the framework's CSRF protection on, or require a token that other sites cannot read.",
    ),
    Weakness(
        "csv-injection", 1236, "Input becomes a formula in a spreadsheet", 5.4,
        "A cell that starts with = + - or @ is executed by the spreadsheet program that opens the file.",
        "Prefix such cells with a single quote or refuse them.",
    ),
    Weakness(
        "debug-mode", 489, "Debug mode is on", 7.5,
        "The debugger that an error page offers lets anyone run code, and tracebacks show secrets.",
        "Take the flag from the environment, off by default.", (215, 11),
    ),
    Weakness(
        "deserialization", 502, "Untrusted data is deserialised into objects", 9.8,
        "A crafted pickle, YAML tag or jsonpickle document calls any function while it is loaded.",
        "Use json, yaml.safe_load or a schema; if it must be pickle, verify a signature first.",
    ),
    Weakness(
        "error-exposure", 209, "Error details are shown to the user", 5.3,
        "Tracebacks and exception texts tell paths, queries, versions and secrets to whoever provokes an error.",
        "Log the exception and answer with a general message.", (200, 210, 211, 497),
    ),
    Weakness(
        "file-permissions", 732, "File is created for everyone to read or write", 6.2,
        "Any other user of the machine reads or replaces the file.",
        "Give only the rights that are needed: 0o600 for data, 0o700 for directories and programs.",
        (276, 281, 277, 279),
    ),
    Weakness(
        "hard-coded-credential", 798, "Password, key or token is written in the code", 7.5,
        "Everyone who can read the repository, its history or the shipped package has the secret.",
        "Read it from the environment or a secret store, and replace the one that was published.", (259, 321, 547),
    ),
    Weakness(
        "header-injection", 113, "Input reaches a header with its line breaks", 6.5,
        "A value with \\r\\n adds headers or a body of the attacker's to the response, request or mail.",
        "Refuse or strip \\r and \\n, or use an interface that does.", (93,),
    ),
    Weakness(
        "information-exposure", 200, "Sensitive data is shown or logged", 5.3,
        "Passwords, tokens or personal data end up where others read them.",
        "Leave the field out, or mask it before it is written.", (532, 312, 359, 201),
    ),
    Weakness(
        "input-validation", 20, "Input is used before it is checked", 5.3,
        "A value outside the expected range or form passes the check or is not checked at all.",
        "Check type, range and form with an anchored pattern or a parser before use.",
        (179, 180, 183, 184, 185, 187, 625, 1284, 1286, 1287, 777),
    ),
    Weakness(
        "insecure-cookie", 614, "Cookie lacks its protective flags", 4.3,
        "The cookie crosses unencrypted connections, is read by scripts, or is sent along by other sites.",
        "Set secure=True, httponly=True and samesite='Lax' (or 'Strict').", (1004, 1275, 315),
    ),
    Weakness(
        "insecure-temp-file", 377, "Temporary file with a predictable name", 5.5,
        "Another user creates the file or a link of that name first and reads or redirects what is written.",
        "Use tempfile.mkstemp, NamedTemporaryFile or TemporaryDirectory.", (378, 379),
    ),
    Weakness(
        "jwt-verification", 347, "Signature is not verified", 8.1,
        "A token with the algorithm none, or signed with any key, is accepted as genuine.",
        "Verify with a fixed list of algorithms and the right key, and let failures fail.", (345, 290),
    ),
    Weakness(
        "ldap-injection", 90, "Input becomes part of an LDAP filter", 8.1,
        "A value such as *)(uid=*) changes the filter and matches other entries.",
        "Escape with ldap.filter.escape_filter_chars or ldap3.utils.conv.escape_filter_chars.", (943,),
    ),
    Weakness(
        "log-injection", 117, "Input reaches a log with its line breaks", 4.3,
        "A value with a line break writes log entries that never happened.",
        "Replace \\r and \\n, or log with %r.", (116, 93),
    ),
    Weakness(
        "malicious-instruction", 506, "Instruction asks for malware or a part of it", 8.1,
        "A model that follows it writes code that harms, spies on, locks out or robs others.",
        "Take the request out; for defence, teaching or an agreed test, ask for the detection, the explanation or the "
        "check instead.", (507, 508, 509, 510, 511, 512, 912),
    ),
    Weakness(
        "mass-assignment", 915, "Input chooses which attributes are set", 7.5,
        "An extra key such as is_admin or __class__ in the request sets what the form never showed.",
        "Copy the allowed fields by name, or load through a schema.", (1321,),
    ),
    Weakness(
        "missing-authorization", 862, "Data of others is shown or changed with no check in sight", 7.1,
        "Any user, or nobody at all, calls the route with another one's identifier.",
        "Require a logged-in user, and that the object belongs to that user.",
        (285, 863, 284, 306, 639, 287, 425, 269, 266, 283, 250),
    ),
    Weakness(
        "nosql-injection", 943, "Input becomes part of a database query document", 8.1,
        "A JSON object such as {\"$ne\": null} in place of a string matches every document.",
        "Convert to str, or compare with {'$eq': value}; never use $where with input.", (89,),
    ),
    Weakness(
        "observable-timing", 208, "Secret is compared in a time that tells of it", 5.3,
        "Who measures how long refusals take finds a signature, token or password piece by piece.",
        "Compare with hmac.compare_digest (secrets.compare_digest), which takes the same time for every guess.",
        (203, 385),
    ),
    Weakness(
        "open-redirect", 601, "Input chooses where the browser is sent", 6.1,
        "A link to this site leads on to the attacker's look-alike page.",
        "Redirect only to paths of this site: check the host against an allow-list, or take a route name.",
    ),
    Weakness(
        "path-traversal", 22, "Input chooses a file outside the intended directory", 7.5,
        "A value with ../ or an absolute path reads, writes or deletes files elsewhere.",
        "Resolve the joined path and require is_relative_to(base), or use werkzeug's safe_join or secure_filename.",
        (23, 36, 73, 98, 99, 41),
    ),
    Weakness(
        "plaintext-password", 522, "Password is kept or compared in the clear", 6.5,
        "Whoever reads the store, or measures the comparison, has the password.",
        "Store a salted slow hash (argon2, scrypt, bcrypt) and compare with its verify function.",
        (256, 257, 261, 312, 208, 255, 521),
    ),
    Weakness(
        "prompt-injection", 1427, "Text takes over the model that reads it", 8.1,
        "A coding agent that reads the file follows its hidden or foreign orders: drops its rules, keeps things from "
        "its user, runs commands, sends secrets away.",
        "Take the text out; to quote such a text, quote it as an example and say what it is.", (74, 77, 451),
    ),
    Weakness(
        "race-condition", 367, "File changes between the check and its use", 5.9,
        "Between the test and the opening the attacker replaces the file by a link.",
        "Open it and handle the error; create with mode 'x' or os.O_EXCL.", (362, 363),
    ),
    Weakness(
        "regex-dos", 1333, "Regular expression takes exponential time", 7.5,
        "A few dozen characters keep the matcher busy for hours.",
        "Remove nested or overlapping quantifiers, bound the input's length, or escape input with re.escape.",
        (400, 730, 1176, 625),
    ),
    Weakness(
        "resource-exhaustion", 400, "Input decides how much memory or time is used", 6.5,
        "One request with a large number, an endless stream or a small compressed bomb stops the service.",
        "Bound size, count and time before the work starts.",
        (770, 409, 1050, 835, 674, 1325, 410, 1051, 730, 771, 774, 789, 834, 772, 775, 703, 754, 755, 390, 391, 248),
    ),
    Weakness(
        "sql-injection", 89, "Input becomes part of an SQL statement", 9.8,
        "A quote in the value ends the string and the rest is executed as SQL.",
        "Pass values as parameters: execute('... WHERE id = ?', (value,)).", (564, 943),
    ),
    Weakness(
        "ssrf", 918, "Input chooses which address the server contacts", 8.6,
        "The server fetches http://169.254.169.254/ or an internal service for the attacker.",
        "Allow a list of hosts, and refuse addresses that resolve to private networks.", (441, 611),
    ),
    Weakness(
        "static-iv", 329, "Initialisation vector or nonce is constant", 5.9,
        "Equal beginnings give equal ciphertexts, and with a stream mode the key stream can be removed.",
        "Take a fresh one from os.urandom for each message.", (323, 1204, 330),
    ),
    Weakness(
        "predictable-salt", 760, "Salt is missing or constant", 5.9,
        "One table of precomputed hashes serves for all users.",
        "Take a salt of 16 bytes from os.urandom for each password.", (759,),
    ),
    Weakness(
        "template-injection", 1336, "Input is compiled as a template", 9.8,
        "An expression such as {{ cycler.__init__.__globals__ }} in the input runs code on the server.",
        "Keep templates fixed and pass the input as a variable.", (94, 96, 74),
    ),
    Weakness(
        "unrestricted-upload", 434, "Uploaded file is kept as it came", 8.1,
        "A script or a page is uploaded under its own name and then executed or served.",
        "Allow a list of endings, name the file yourself, and keep it outside the served directories.", (646,),
    ),
    Weakness(
        "untrusted-include", 829, "Code is taken from a place that others control", 8.1,
        "Whoever controls the path, the address or the package name supplies the code that runs.",
        "Load from fixed, verified locations only; check a hash or a signature first.",
        (426, 427, 470, 494, 610, 98, 706),
    ),
    Weakness(
        "weak-cipher", 327, "Broken or misused cipher", 7.4,
        "DES, RC4 and ECB leak the plain text; unauthenticated ciphertext can be changed unseen.",
        "Use AES-GCM or ChaCha20-Poly1305 (cryptography's AESGCM, Fernet).", (310, 325, 780, 1240, 757),
    ),
    Weakness(
        "weak-hash", 328, "Broken hash function", 5.9,
        "Two inputs with the same MD5 or SHA-1 value are made in seconds to hours.",
        "Use SHA-256 or better; for a checksum without adversary pass usedforsecurity=False.", (327, 310),
    ),
    Weakness(
        "weak-key-size", 326, "Key is too short", 5.9,
        "RSA below 2048 bits and weak curves can be computed by those with a budget.",
        "Use RSA of at least 2048 bits, or a curve of at least 224.", (310, 327),
    ),
    Weakness(
        "weak-password-hash", 916, "Password is hashed with a fast function", 6.5,
        "Billions of guesses a second find most passwords from a stolen table.",
        "Use argon2, scrypt, bcrypt, or PBKDF2 with some hundred thousand rounds.", (327, 328, 256, 257, 261, 759),
    ),
    Weakness(
        "weak-random", 330, "Secret comes from a predictable random source", 5.9,
        "A few outputs of the random module tell all that follow: tokens and keys can be guessed.",
        "Use the secrets module, os.urandom or random.SystemRandom.", (331, 335, 336, 337, 338, 340, 341),
    ),
    Weakness(
        "xml-injection", 91, "Input becomes part of an XML document", 5.4,
        "Markup in the value adds elements and attributes of the attacker's.",
        "Build the document with an XML library, or escape with xml.sax.saxutils.escape.", (74,),
    ),
    Weakness(
        "xml-bomb", 776, "XML entities are expanded without limit", 7.5,
        "A document of one kilobyte with nested entities fills the memory.",
        "Parse with defusedxml, or forbid entity declarations.", (400, 409, 611),
    ),
    Weakness(
        "xpath-injection", 643, "Input becomes part of an XPath expression", 7.5,
        "A quote in the value changes the expression: ' or '1'='1 selects every node.",
        "Pass values as XPath variables: tree.xpath('//u[@n=$n]', n=value).", (91,),
    ),
    Weakness(
        "xxe", 611, "XML parser resolves external entities", 8.2,
        "An entity such as file:///etc/passwd or http://intranet/ in the document is read and returned.",
        "Parse with defusedxml, or lxml's XMLParser(resolve_entities=False, no_network=True).", (776, 827),
    ),
]  # fmt: skip

TABLE: dict[str, Weakness] = {row.slug: row for row in sorted(_ROWS)}
"""Every weakness by its slug."""

INSTRUCTIONS = frozenset({"biased-instruction", "malicious-instruction", "prompt-injection"})
"""What natural language is judged for; no rule or call in code shows these."""


def matches(selector: str, slug: str) -> bool:
    """Whether a selector of an ignore comment or a configuration names this weakness.

    ``selector`` is a slug or a CWE (``CWE-89``, ``cwe-089``); any number that the weakness reports or is kin to does.
    """
    wanted = selector.strip().lower()
    if wanted == slug:
        return True
    row = TABLE.get(slug)
    if row is None or not wanted.startswith("cwe-") or not wanted[4:].isdigit():
        return False
    return int(wanted[4:]) in (row.cwe, *row.kin)


_SPOKEN = {
    "crlf": "header-injection",
    "eval": "code-injection",
    "idor": "missing-authorization",
    "lfi": "path-traversal",
    "md5": "weak-hash",
    "open-redirection": "open-redirect",
    "pickle": "deserialization",
    "redos": "regex-dos",
    "shell-injection": "command-injection",
    "sqli": "sql-injection",
    "ssti": "template-injection",
    "toctou": "race-condition",
    "xss": "cross-site-scripting",
    "zip-slip": "archive-extraction",
}
"""What people call them, for a hint only: a name that stands in code or configuration is the slug or the CWE."""


def guess(name: str) -> str:
    """``; did you mean <slug>?`` for a name that is none, or ``""`` where nothing is like it."""
    import difflib

    wanted = name.strip().lower()
    if wanted.isdigit() and known_selector(f"cwe-{wanted}"):
        return f"; did you mean CWE-{wanted}?"
    close = _SPOKEN.get(wanted) or next(iter(difflib.get_close_matches(wanted, TABLE, n=1)), None)
    close = close or next((slug for slug in TABLE if len(wanted) > 2 and slug.startswith(wanted)), None)
    return f"; did you mean {close}?" if close else ""


def kindred(one: str, other: str) -> bool:
    """Whether two weaknesses are close enough that one statement has only one of them."""
    return one == other or matches(f"cwe-{TABLE[other].cwe}", one) or matches(f"cwe-{TABLE[one].cwe}", other)


def known_selector(selector: str) -> bool:
    """Whether any weakness answers to this selector."""
    return any(matches(selector, slug) for slug in TABLE)
