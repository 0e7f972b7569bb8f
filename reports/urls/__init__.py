from django.urls import path

from reports.urls import records
from reports.views import cases, editions, period

app_name = "reports"
urlpatterns = [
    *records.urlpatterns,
    path("", period.period, name="period"),
    path("workbook/", period.workbook, name="workbook"),
    path("staff/", period.Staff.as_view(), name="staff"),
    path("editions/", editions.EditionList.as_view(), name="editions"),
    path("editions/new/", editions.edition_new, name="edition_new"),
    path("editions/<int:pk>/", editions.edition, name="edition"),
    path("editions/<int:pk>/text/", editions.edition_text, name="edition_text"),
    path("editions/<int:pk>/refresh/", editions.edition_refresh, name="edition_refresh"),
    path("editions/<int:pk>/drop/", editions.edition_drop, name="edition_drop"),
    path("editions/<int:pk>/publish/", editions.edition_publish, name="edition_publish"),
    path("editions/<int:pk>/correct/", editions.edition_correct, name="edition_correct"),
    path("editions/<int:pk>/files/<str:form>/", editions.edition_file, name="edition_file"),
    path("cases/", cases.CaseList.as_view(), name="cases"),
    path("cases/new/", cases.case_new, name="case_new"),
    path("cases/<int:pk>/", cases.case_change, name="case_change"),
    path("cases/<int:pk>/drop/", cases.case_drop, name="case_drop"),
]
