from stations.models.categories import Category
from stations.models.funds import Fund
from stations.models.mailboxes import Mailbox, MailboxOpening
from stations.models.people import Posting, Unit
from stations.models.places import Area, Station
from stations.models.standards import Assessment, Criterion, Finding, Standard

__all__ = [
    "Area",
    "Assessment",
    "Category",
    "Criterion",
    "Finding",
    "Fund",
    "Mailbox",
    "MailboxOpening",
    "Posting",
    "Standard",
    "Station",
    "Unit",
]
