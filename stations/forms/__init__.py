"""What is typed about stations, their staff, units and reference data."""

from stations.forms.people import ClerkForm, LogInForm, NewcomerForm, OfficerForm, PostingForm
from stations.forms.reference import CalendarDayForm, CalendarFileForm, CategoryForm
from stations.forms.standards import (
    AssessmentForm,
    CriterionForm,
    EditionForm,
    ReviewForm,
    StandardForm,
)
from stations.forms.stations import StationForm
from stations.forms.units import AreaChoiceField, MergeForm, UnitForm

__all__ = [
    "AreaChoiceField",
    "AssessmentForm",
    "CalendarDayForm",
    "CalendarFileForm",
    "CategoryForm",
    "ClerkForm",
    "CriterionForm",
    "EditionForm",
    "LogInForm",
    "MergeForm",
    "NewcomerForm",
    "OfficerForm",
    "PostingForm",
    "ReviewForm",
    "StandardForm",
    "StationForm",
    "UnitForm",
]
