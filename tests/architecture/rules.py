"""The rules about code, each a function from a file's text to what is wrong in it. The tests feed them the
whole project, and also a bad example each, so that a rule that finds nothing is known to be able to."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "accounting",
    "presentation",
    "accounts",
    "services",
    "demand",
    "savings",
    "scrutiny",
    "budgetwatch",
)

_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
_LITERALS = (ast.JoinedStr, ast.List, ast.Tuple, ast.ListComp, ast.Dict, ast.Set)
_SUMMING = {"sum", "round", "abs", "divmod", "pow", "fsum", "Sum", "Avg"}
_WRITES = {
    "save",
    "create",
    "acreate",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "delete",
    "raw",
    "executescript",
    "executemany",
}
_SLOW = {"pandas", "weasyprint", "plotly", "numpy"}


def python_files(*packages: str) -> list[Path]:
    """Return the source files of these packages, without migrations."""
    return [
        path
        for package in packages
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def name_of(path: Path) -> str:
    """Return a path as it is written in messages."""
    return path.relative_to(ROOT).as_posix()


def arithmetic(source: str) -> list[str]:
    """Find figures being worked out: + - * / // % ** on anything but text and lists, and sum, round and the like."""
    return [
        f"line {node.lineno}: {ast.unparse(node)}" for node in ast.walk(ast.parse(source)) if _works_out(node)
    ]


def _works_out(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, _ARITHMETIC):
        return not (_is_text_or_list(node.left) or _is_text_or_list(node.right))
    if isinstance(node, ast.AugAssign) and isinstance(node.op, _ARITHMETIC):
        return not _is_text_or_list(node.value)
    return isinstance(node, ast.Call) and _called(node) in _SUMMING


def _is_text_or_list(node: ast.AST) -> bool:
    return isinstance(node, _LITERALS) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _called(node: ast.Call) -> str:
    """Return the last name of what is called: `save` for `line.forecast.save()`."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def writes(source: str) -> list[str]:
    """Find writes to the database: the ORM's verbs, `update` of a queryset, and SQL that is not a plain SELECT or PRAGMA."""
    return [
        f"line {node.lineno}: {ast.unparse(node)[:90]}"
        for node in ast.walk(ast.parse(source))
        if _is_write(node)
    ]


def _is_write(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    if node.func.attr in _WRITES:
        return True
    if (
        node.func.attr == "update"
    ):  # a dictionary or a hash is given something; a queryset is given only fields
        return bool(node.keywords) and not node.args
    return node.func.attr == "execute" and not _only_reads(node) and not _is_super(node.func.value)


def _is_super(node: ast.AST) -> bool:
    """Whether this is `super()`: a command passing on its own `execute`, not a cursor."""
    return isinstance(node, ast.Call) and _called(node) == "super"


def _only_reads(node: ast.Call) -> bool:
    sql = node.args[0] if node.args else None
    if isinstance(sql, ast.JoinedStr) and sql.values:
        sql = sql.values[0]
    text = sql.value if isinstance(sql, ast.Constant) else ""
    return isinstance(text, str) and text.lstrip().upper().startswith(("SELECT", "PRAGMA"))


def floats(source: str) -> list[str]:
    """Find floats being made by calling `float`."""
    return [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    ]


def float_literals(source: str) -> list[str]:
    """Find numbers written with a point, which are floats: an amount is written `Decimal("0.5")`."""
    return [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]


def slow_imports(source: str) -> list[str]:
    """Find slow packages imported when the module is, rather than inside the function that needs them."""
    return [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in _at_import(ast.parse(source))
        if _SLOW & _imported(node)
    ]


def _at_import(tree: ast.AST) -> Iterator[ast.stmt]:
    """Yield the import statements that run when the module is imported."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _at_import(node)


def _imported(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names}
    return {(node.module or "").split(".")[0]} if isinstance(node, ast.ImportFrom) else set()


def too_long(source: str, *, file_lines: int = 300, function_lines: int = 40) -> list[str]:
    """Find files and functions longer than a reader can hold; a function is measured from its first statement to its last."""
    lines = len(source.splitlines())
    return [f"{lines} lines, more than {file_lines}"] * (lines > file_lines) + [
        f"line {node.lineno}: {node.name} has {length} lines, more than {function_lines}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and (length := _length(node)) > function_lines
    ]


def _length(function: ast.FunctionDef) -> int:
    """Return the lines of what a function does, without its signature and its docstring."""
    first = function.body[0]
    is_docstring = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    body = function.body[1:] if is_docstring else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


_TEMPLATE_ARITHMETIC = re.compile(r"\|\s*(add|divisibleby|floatformat)\b|\{%\s*widthratio\b")
_INLINE = re.compile(r"""<script(?![^>]*\b(?:src|type="application/json"))[^>]*>|\sstyle=|\son[a-z]+=["']""")


def template_arithmetic(source: str) -> list[str]:
    """Find figures being worked out or rounded in a template."""
    return [
        f"line {number}: {line.strip()[:90]}"
        for number, line in _lines(source)
        if _TEMPLATE_ARITHMETIC.search(line)
    ]


def inline_code(source: str) -> list[str]:
    """Find scripts and styles written into a page, which its content security policy would refuse."""
    return [f"line {number}: {line.strip()[:90]}" for number, line in _lines(source) if _INLINE.search(line)]


def _lines(source: str) -> Iterator[tuple[int, str]]:
    return enumerate(source.splitlines(), start=1)


# Written in parts, so that this file does not find itself.
_MACHINE = re.compile(
    r"(?<![\w.])/("
    + "|".join(("wor" + "k", "roo" + "t", "hom" + "e", "User" + "s", "opt/py" + "pi", "tm" + "p/bw"))
    + r")/\w"
    r"|"
    + "|".join(
        (
            "py" + r"pi\.org",
            "python" + r"hosted\.org",
            "npm" + r"js\.org",
            "proxy\\.gol" + r"ang\.org",
            "crates" + r"\.io",
        )
    )
)


def machine_traces(source: str) -> list[str]:
    """Find paths of one machine, and addresses of package indexes."""
    return [f"line {number}: {line.strip()[:90]}" for number, line in _lines(source) if _MACHINE.search(line)]


MUTABILITIES = {"editable", "append-only", "frozen"}


def undeclared_mutability(model: type) -> list[str]:
    """Find a model that does not itself say whether its rows may change."""
    declared = vars(model).get("mutability")
    return (
        []
        if declared in MUTABILITIES
        else [f"{model.__name__}: mutability is {declared!r}, not one of {sorted(MUTABILITIES)}"]
    )


def glossary_terms(glossary: str) -> set[str]:
    """Return the terms a glossary explains, in lower case: each stands bold at the start of a list item."""
    return {term.lower() for term in re.findall(r"^- \*\*(.+?)\*\*", glossary, flags=re.MULTILINE)}
