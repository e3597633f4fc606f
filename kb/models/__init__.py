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
from kb.models.questions import Question
from kb.models.services import ResolutionClass, Service

__all__ = [
    "WORKED_ON",
    "Article",
    "ArticleFile",
    "ArticleVersion",
    "ArticleViews",
    "FourEyes",
    "Notice",
    "NoticeKind",
    "Question",
    "ReaderWord",
    "ResolutionClass",
    "Service",
    "VersionState",
]
