"""The tables of a club's store. Units are in the columns' names, missing is NULL, times are UTC."""

from __future__ import annotations

from rowsense.store.tables.accounts import (
    AccountOwned,
    FailedSignIn,
    Mail,
    OneTimeLink,
    RecoveryCode,
    SecondStep,
    SignIn,
)
from rowsense.store.tables.analyses import SPINE_REFERENCES, Analysis, StrokeRow
from rowsense.store.tables.api_tokens import ApiToken
from rowsense.store.tables.base import Base, ClubOwned, UtcTime
from rowsense.store.tables.catalogue import CatalogueVersion
from rowsense.store.tables.clubs import Athlete, Club, Squad, SquadAthlete
from rowsense.store.tables.files import FileClaim, FolderSize
from rowsense.store.tables.jobs import JOB_STATES, Job, JobPart
from rowsense.store.tables.operation import RunnerState, SeenTime, StoredPace
from rowsense.store.tables.people import (
    ADMINISTRATOR,
    ATHLETE,
    COACH,
    ROLES,
    Consent,
    Invitation,
    InvitationSquad,
    Membership,
    SquadCoach,
    User,
)
from rowsense.store.tables.privacy import ClubSettings, ShareLink
from rowsense.store.tables.remarks import (
    CLUB_REFERENCE,
    FELT_ANSWERS,
    FELT_SKIPPED,
    OWN_REFERENCE,
    REFERENCES,
    AuditEntry,
    Comment,
    CommentRead,
    FeltAnswer,
    ReferenceStroke,
    SessionTag,
    Tag,
)
from rowsense.store.tables.season import AnalysisQuantity
from rowsense.store.tables.sessions import (
    ERGOMETER_TYPES,
    PIECE_KINDS,
    PIECE_LIMITS,
    MonitorFile,
    StoredCalibration,
    TrainingSession,
    Video,
)
from rowsense.store.tables.uploads import UPLOAD_STATES, Upload

__all__ = [
    "ADMINISTRATOR",
    "ATHLETE",
    "CLUB_REFERENCE",
    "COACH",
    "ERGOMETER_TYPES",
    "FELT_ANSWERS",
    "FELT_SKIPPED",
    "JOB_STATES",
    "OWN_REFERENCE",
    "PIECE_KINDS",
    "PIECE_LIMITS",
    "REFERENCES",
    "ROLES",
    "SPINE_REFERENCES",
    "UPLOAD_STATES",
    "AccountOwned",
    "Analysis",
    "AnalysisQuantity",
    "ApiToken",
    "Athlete",
    "AuditEntry",
    "Base",
    "CatalogueVersion",
    "Club",
    "ClubOwned",
    "ClubSettings",
    "Comment",
    "CommentRead",
    "Consent",
    "FailedSignIn",
    "FeltAnswer",
    "FileClaim",
    "FolderSize",
    "Invitation",
    "InvitationSquad",
    "Job",
    "JobPart",
    "Mail",
    "Membership",
    "MonitorFile",
    "OneTimeLink",
    "RecoveryCode",
    "ReferenceStroke",
    "RunnerState",
    "SecondStep",
    "SeenTime",
    "SessionTag",
    "ShareLink",
    "SignIn",
    "Squad",
    "SquadAthlete",
    "SquadCoach",
    "StoredCalibration",
    "StoredPace",
    "StrokeRow",
    "Tag",
    "TrainingSession",
    "Upload",
    "User",
    "UtcTime",
    "Video",
]
