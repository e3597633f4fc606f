"""What the partnership does (services, by LGSL), asks (forms) and knows (articles, notices)."""

from kb.models.articles import (
    WORKED_ON,
    Article,
    ArticleFile,
    ArticleVersion,
    ArticleViews,
    FourEyes,
    ReaderWord,
    VersionState,
)
from kb.models.canned import CannedText
from kb.models.forms import AreaDraft, FormState, FormVersion
from kb.models.notices import Notice, NoticeKind
from kb.models.purposes import Purpose
from kb.models.searching import Danger, Entry, EntryKind, Search, SearchWeek, Solved, Word
from kb.models.services import ResolutionClass, Service
from kb.models.tongues import ContentWords
from kb.models.triage import Cue

__all__ = [
    "WORKED_ON",
    "AreaDraft",
    "Article",
    "ArticleFile",
    "ArticleVersion",
    "ArticleViews",
    "CannedText",
    "ContentWords",
    "Cue",
    "Danger",
    "Entry",
    "EntryKind",
    "FormState",
    "FormVersion",
    "FourEyes",
    "Notice",
    "NoticeKind",
    "Purpose",
    "ReaderWord",
    "ResolutionClass",
    "Search",
    "SearchWeek",
    "Service",
    "Solved",
    "VersionState",
    "Word",
]
