from django.urls import path

from reports import case_views, edition_views, record_urls, views

app_name = "reports"
urlpatterns = [
    *record_urls.urlpatterns,
    path("", views.period, name="period"),
    path("workbook/", views.workbook, name="workbook"),
    path("staff/", views.Staff.as_view(), name="staff"),
    path("editions/", edition_views.EditionList.as_view(), name="editions"),
    path("editions/new/", edition_views.edition_new, name="edition_new"),
    path("editions/<int:pk>/", edition_views.edition, name="edition"),
    path("editions/<int:pk>/text/", edition_views.edition_text, name="edition_text"),
    path("editions/<int:pk>/refresh/", edition_views.edition_refresh, name="edition_refresh"),
    path("editions/<int:pk>/drop/", edition_views.edition_drop, name="edition_drop"),
    path("editions/<int:pk>/publish/", edition_views.edition_publish, name="edition_publish"),
    path("editions/<int:pk>/correct/", edition_views.edition_correct, name="edition_correct"),
    path("editions/<int:pk>/files/<str:form>/", edition_views.edition_file, name="edition_file"),
    path("cases/", case_views.CaseList.as_view(), name="cases"),
    path("cases/new/", case_views.case_new, name="case_new"),
    path("cases/<int:pk>/", case_views.case_change, name="case_change"),
    path("cases/<int:pk>/drop/", case_views.case_drop, name="case_drop"),
]
