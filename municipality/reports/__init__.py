"""Reports (민원): what citizens say is wrong somewhere in the city, and what becomes of it."""

from municipality.reports.acts import Act, acts_open_to
from municipality.reports.api_keys import ApiKey, ApiKeys
from municipality.reports.place import Land, Place, Surveyor
from municipality.reports.report import (
    Contact,
    Draft,
    Page,
    Part,
    Query,
    Redaction,
    Report,
    ReportStep,
    Update,
)
from municipality.reports.reports import Reports
from municipality.reports.services import SERVICES, Service, service_of
from municipality.reports.states import OPEN, Status, Step

__all__ = [
    "OPEN",
    "SERVICES",
    "Act",
    "ApiKey",
    "ApiKeys",
    "Contact",
    "Draft",
    "Land",
    "Page",
    "Part",
    "Place",
    "Query",
    "Redaction",
    "Report",
    "ReportStep",
    "Reports",
    "Service",
    "Status",
    "Step",
    "Surveyor",
    "Update",
    "acts_open_to",
    "service_of",
]
