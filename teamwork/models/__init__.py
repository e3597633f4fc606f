"""What staff and teams keep for their own work. One file for each matter."""

from teamwork.models.drafts import Draft
from teamwork.models.macros import Macro
from teamwork.models.rules import Rule, RuleCursor, RuleEvent, RuleRun, RuleVersion
from teamwork.models.undo import Undo

__all__ = ["Draft", "Macro", "Rule", "RuleCursor", "RuleEvent", "RuleRun", "RuleVersion", "Undo"]
