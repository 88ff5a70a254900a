"""Every table of the house, so that `Base.metadata` is whole."""

from storage.models.audit import Audit
from storage.models.backing import Backing
from storage.models.base import Base
from storage.models.digests import Digest
from storage.models.forums import Forum, ForumItem
from storage.models.inbox import Due, Inbox, Outbox, Tombstone
from storage.models.people import Consent, Dialogue, Erasure, Identity, Invite, Person, Role
from storage.models.reports import Medium, Report, ReportEvent, ReportPart
from storage.models.shared import Blob, Lease, Mark

__all__ = [
    "Audit",
    "Backing",
    "Base",
    "Blob",
    "Consent",
    "Dialogue",
    "Digest",
    "Due",
    "Erasure",
    "Forum",
    "ForumItem",
    "Identity",
    "Inbox",
    "Invite",
    "Lease",
    "Mark",
    "Medium",
    "Outbox",
    "Person",
    "Report",
    "ReportEvent",
    "ReportPart",
    "Role",
    "Tombstone",
]
