"""What the partnership does (services, by LGSL), asks (questions) and knows (articles,
notices)."""

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
from kb.models.notices import Notice, NoticeKind
from kb.models.purposes import Purpose
from kb.models.questions import Question
from kb.models.searching import Entry, EntryKind, Search, SearchWeek, Solved, Word
from kb.models.services import ResolutionClass, Service

__all__ = [
    "WORKED_ON",
    "Article",
    "ArticleFile",
    "ArticleVersion",
    "ArticleViews",
    "Entry",
    "EntryKind",
    "FourEyes",
    "Notice",
    "NoticeKind",
    "Purpose",
    "Question",
    "ReaderWord",
    "ResolutionClass",
    "Search",
    "SearchWeek",
    "Service",
    "Solved",
    "VersionState",
    "Word",
]
