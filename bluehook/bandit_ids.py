"""Bandit's tests by number and name, each with the weakness it stands for.

Two readers share it: the Bandit detector maps what Bandit reports, and ``suppress`` reads ``# nosec B608`` and
``# noqa: S608`` (ruff kept Bandit's numbers), also for a finding that another engine made. Numbers and names are
those of Bandit 1.9, https://bandit.readthedocs.io/en/latest/plugins/ ; a test compares them with the installed one.
Imports nothing.
"""

from __future__ import annotations

_TESTS = [
    # Asserts vanish under -O, and the checks that they made with them.
    ("B101", "assert_used", "input-validation"),
    ("B102", "exec_used", "code-injection"),
    ("B103", "set_bad_file_permissions", "file-permissions"),
    ("B104", "hardcoded_bind_all_interfaces", "bind-all-interfaces"),
    ("B105", "hardcoded_password_string", "hard-coded-credential"),
    ("B106", "hardcoded_password_funcarg", "hard-coded-credential"),
    ("B107", "hardcoded_password_default", "hard-coded-credential"),
    ("B108", "hardcoded_tmp_directory", "insecure-temp-file"),
    ("B110", "try_except_pass", "resource-exhaustion"),
    ("B112", "try_except_continue", "resource-exhaustion"),
    ("B113", "request_without_timeout", "resource-exhaustion"),
    ("B201", "flask_debug_true", "debug-mode"),
    ("B202", "tarfile_unsafe_members", "archive-extraction"),
    ("B301", "pickle", "deserialization"),
    ("B302", "marshal", "deserialization"),
    ("B303", "md5", "weak-hash"),
    ("B304", "ciphers", "weak-cipher"),
    ("B305", "cipher_modes", "weak-cipher"),
    ("B306", "mktemp_q", "insecure-temp-file"),
    ("B307", "eval", "code-injection"),
    ("B308", "mark_safe", "cross-site-scripting"),
    ("B310", "urllib_urlopen", "ssrf"),
    ("B311", "random", "weak-random"),
    ("B312", "telnetlib", "cleartext-transmission"),
    ("B313", "xml_bad_cElementTree", "xxe"),
    ("B314", "xml_bad_ElementTree", "xxe"),
    ("B315", "xml_bad_expatreader", "xxe"),
    ("B316", "xml_bad_expatbuilder", "xxe"),
    ("B317", "xml_bad_sax", "xxe"),
    ("B318", "xml_bad_minidom", "xxe"),
    ("B319", "xml_bad_pulldom", "xxe"),
    ("B321", "ftplib", "cleartext-transmission"),
    ("B323", "unverified_context", "certificate-validation"),
    ("B324", "hashlib_insecure_functions", "weak-hash"),
    ("B401", "import_telnetlib", "cleartext-transmission"),
    ("B402", "import_ftplib", "cleartext-transmission"),
    ("B403", "import_pickle", "deserialization"),
    ("B404", "import_subprocess", "command-injection"),
    ("B405", "import_xml_etree", "xxe"),
    ("B406", "import_xml_sax", "xxe"),
    ("B407", "import_xml_expat", "xxe"),
    ("B408", "import_xml_minidom", "xxe"),
    ("B409", "import_xml_pulldom", "xxe"),
    ("B411", "import_xmlrpclib", "xxe"),
    # httpoxy: a Proxy header decides through whom the server's own requests go.
    ("B412", "import_httpoxy", "ssrf"),
    ("B413", "import_pycrypto", "weak-cipher"),
    ("B415", "import_pyghmi", "cleartext-transmission"),
    ("B501", "request_with_no_cert_validation", "certificate-validation"),
    ("B502", "ssl_with_bad_version", "weak-cipher"),
    ("B503", "ssl_with_bad_defaults", "weak-cipher"),
    ("B504", "ssl_with_no_version", "weak-cipher"),
    ("B505", "weak_cryptographic_key", "weak-key-size"),
    ("B506", "yaml_load", "deserialization"),
    ("B507", "ssh_no_host_key_verification", "certificate-validation"),
    ("B508", "snmp_insecure_version", "cleartext-transmission"),
    ("B509", "snmp_weak_cryptography", "cleartext-transmission"),
    ("B601", "paramiko_calls", "command-injection"),
    ("B602", "subprocess_popen_with_shell_equals_true", "command-injection"),
    ("B603", "subprocess_without_shell_equals_true", "command-injection"),
    ("B604", "any_other_function_with_shell_equals_true", "command-injection"),
    ("B605", "start_process_with_a_shell", "command-injection"),
    ("B606", "start_process_with_no_shell", "command-injection"),
    ("B607", "start_process_with_partial_path", "command-injection"),
    ("B608", "hardcoded_sql_expressions", "sql-injection"),
    ("B609", "linux_commands_wildcard_injection", "command-injection"),
    ("B610", "django_extra_used", "sql-injection"),
    ("B611", "django_rawsql_used", "sql-injection"),
    ("B612", "logging_config_insecure_listen", "code-injection"),
    # Trojan source: what runs is not what the reviewer sees.
    ("B613", "trojansource", "code-injection"),
    ("B614", "pytorch_load", "deserialization"),
    ("B615", "huggingface_unsafe_download", "untrusted-include"),
    ("B701", "jinja2_autoescape_false", "cross-site-scripting"),
    ("B702", "use_of_mako_templates", "cross-site-scripting"),
    ("B703", "django_mark_safe", "cross-site-scripting"),
    ("B704", "markupsafe_markup_xss", "cross-site-scripting"),
]

BANDIT: dict[str, str] = {number: slug for number, _, slug in _TESTS}
"""Slug of the weakness by Bandit's number."""

NAMES: dict[str, str] = {name: number for number, name, _ in _TESTS}
"""Bandit's number by the name of the test, which ``# nosec`` may use as well."""

COARSE = frozenset({"B101", "B110", "B112", "B404", "B603", "B606", *(n for n in BANDIT if n.startswith("B4"))})
"""Tests that no change of the code can satisfy: importing a module, any assert, any subprocess call."""

RETIRED: dict[str, str] = {
    "B309": "certificate-validation",
    "B320": "xxe",
    "B322": "code-injection",
    "B325": "insecure-temp-file",
    "B410": "xxe",
    "B414": "weak-cipher",
}
"""Tests that Bandit has dropped and that comments in older code still name."""
