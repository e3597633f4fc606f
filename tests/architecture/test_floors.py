"""The import contracts hold, and each notices its violation."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import source

# Deliberate mistakes: where somebody might write what, and the contract that must notice it.
VIOLATIONS = {
    "a lower floor calls a higher one": (
        "kb/queries.py",
        "from enquiries import intake as _",
        "Imports point down",
    ),
    "a page imports a model, hidden in a function": (
        "desk/context.py",
        "def _hidden() -> None:\n    from enquiries.models import Enquiry as _",
        "The models of enquiries are private",
    ),
    "a pure module asks the database": (
        "enquiries/routing.py",
        "from enquiries.models import RoutingRule as _",
        "Pure modules know no tables, no queue and no web",
    ),
    "a provider leaks out of its door": (
        "notifications/delivery.py",
        "import twilio.rest as _",
        "Twilio behind two doors",
    ),
    "one channel leans on another": (
        "channels/kiosk/urls.py",
        "from channels.web import urls as _",
        "No channel imports another",
    ),
}


# How other apps come in: one line per app, the same words as in docs/architecture.md.
DOORS = {
    "accounts": (
        "actions", "actions_sign_in", "signing_in", "second_factor", "visits", "queries",
        "addresses", "areas", "boundaries", "gazetteer", "colleagues", "outside", "permissions",
        "decorators", "middleware",
        "actions_calendars", "actions_told", "calendars", "hours", "weeks", "offers",
    ),
    "customers": (
        "actions",
        "actions_lives",
        "actions_merge",
        "actions_moves",
        "actions_people",
        "actions_telling",
        "calling",
        "links",
        "queries",
        "queries_find",
        "queries_likely",
        "queries_lives",
        "queries_merges",
        "queries_moves",
        "queries_telling",
        "adjusting",
        "contact",
        "living",
        "merging",
        "seeking",
        "takebacks",
        "ways",
    ),
    "kb": (
        "actions", "actions_notices", "queries", "queries_notices", "questions", "forms",
        "actions_articles", "actions_articles_ends", "actions_articles_files",
        "actions_articles_readers", "queries_articles", "queries_editing",
        "article_content", "compare", "markdown",
        "purposes", "search", "search_gaps", "search_log", "synonyms",
        "actions_forms", "queries_forms", "actions_forms_areas", "queries_forms_areas", "dangers",
        "queries_whole", "queries_beside", "asking", "journeys",
        "actions_canned", "actions_told", "queries_canned", "queries_interactions",
        "queries_readers",
        "tongues", "actions_tongues", "queries_tongues", "tongue_files",
    ),
    "notifications": (
        "actions", "repeating", "withdrawing", "incoming", "queries", "queries_health",
        "queries_texts", "callbacks", "gsm", "lines", "mail_back", "threads",
        "actions_wordings", "queries_wordings", "saying", "wording_checks",
        "actions_letters", "queries_letters", "typesetting",
        "actions_carriers", "queries_carriers", "carrier_kinds",
    ),
    "kiosks": (
        "actions_kept", "opening", "queries_kept", "actions_demonstration", "actions_settings",
        "queries_figures", "queries_days", "actions_days",
        "actions", "actions_commands", "actions_counts", "actions_help", "actions_numbers",
        "actions_pulse", "actions_releases", "actions_watch", "building", "heard",
        "hours", "keys", "proofs", "queries", "queries_alarms",
        "queries_fleet", "queries_help", "queries_releases", "server_keys", "states",
        "actions_staff",
    ),
    "inbox": (
        "actions_mail", "queries_mail", "call_days",
        "actions_calls", "actions_wanted", "queries_calls",
        "calls", "mails",
        "actions_lines", "queries_lines", "actions_checks", "queries_checks", "questions",
    ),
    "enquiries": (
        "intake", "inbound", "joining", "leaving", "actions", "queries", "channels", "clocks",
        "lifecycle", "turns", "case_facts", "pictures", "vocabulary", "rule_rows",
        "clock_rule_rows", "promises",
    ),
    "metrics": (
        "actions_costs", "actions_packs", "actions_targets", "bands", "definitions", "exports",
        "figures", "one_stop", "pack_periods", "printed", "public", "queries", "queries_beside",
        "queries_fair", "queries_links", "queries_one", "queries_packs", "queries_printed",
        "queries_sheets", "queries_targets",
        "sheets", "spread", "value",
    ),
    "teamwork": (
        "actions_drafts", "actions_macros", "actions_quality", "actions_rules", "actions_scripts",
        "actions_skills", "actions_tasks", "actions_together", "actions_undo", "actions_views",
        "actions_walls", "dry_run", "fighting", "filling", "macro_run", "matching", "quality",
        "queries_drafts", "queries_macros", "queries_quality", "queries_rules", "queries_scripts",
        "queries_skills", "queries_tasks", "queries_together", "queries_undo", "queries_views",
        "queries_walls", "recipe_words", "recipes", "ruling", "scopes",
    ),
}  # fmt: skip


class Imports(ast.NodeVisitor):
    """What a file imports when it runs: `app.module` for each; types alone do not count."""

    def __init__(self) -> None:
        self.found: list[tuple[int, str]] = []

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test) != "TYPE_CHECKING":
            self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        self.found += [(node.lineno, alias.name) for alias in node.names]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        names = [module] if "." in module else [f"{module}.{alias.name}" for alias in node.names]
        self.found += [(node.lineno, name) for name in names]


def wrong_doors(app: str, tree: ast.Module) -> list[str]:
    """Imports from other apps that come in by a window."""
    imports = Imports()
    imports.visit(tree)
    return [
        f"{line}: {name}"
        for line, name in imports.found
        if name.split(".")[0] in DOORS
        and name.split(".")[0] != app
        and name.split(".")[1:2]
        and name.split(".")[1] not in DOORS[name.split(".")[0]]
    ]


def check(folder: Path) -> tuple[bool, str]:
    """Whether all contracts hold for the tree in `folder`, and the report."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"],
        cwd=folder,
        env={"PATH": "", "PYTHONPATH": str(folder), "HOME": str(folder), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def copy_of_the_tree(tmp_path: Path) -> Path:
    shutil.copy(source.ROOT / "pyproject.toml", tmp_path)
    for app in source.APPS:
        shutil.copytree(
            source.ROOT / app, tmp_path / app, ignore=shutil.ignore_patterns("__pycache__")
        )
    return tmp_path


def test_the_floors_of_the_house_hold() -> None:
    held, report = check(source.ROOT)
    assert held, report


@pytest.mark.parametrize("mistake", VIOLATIONS)
def test_a_deliberate_violation_is_noticed(copy_of_the_tree: Path, mistake: str) -> None:
    place, words, contract = VIOLATIONS[mistake]
    with (copy_of_the_tree / place).open("a", encoding="utf-8") as file:
        file.write(f"\n\n{words}\n")
    held, report = check(copy_of_the_tree)
    assert not held
    assert f"{contract} BROKEN" in " ".join(report.split()), report


def test_other_apps_come_in_by_the_doors_alone() -> None:
    found = [
        f"{path.relative_to(source.ROOT)}:{line}"
        for path in source.of_apps()
        if (app := path.relative_to(source.ROOT).parts[0]) != "hub"
        for line in wrong_doors(app, source.tree(path))
    ]
    assert found == []


def test_a_window_is_noticed() -> None:
    tree = ast.parse("def f():\n    from enquiries import events\n    from kb.matching import best")
    assert wrong_doors("desk", tree) == ["2: enquiries.events", "3: kb.matching"]
    assert wrong_doors("enquiries", ast.parse("from enquiries import events")) == []
