from django.urls import path

from common.importing.urls import import_paths
from deputies.views import groups, log_ins, people, records

app_name = "deputies"
urlpatterns = [
    path("", people.DeputyList.as_view(), name="list"),
    *import_paths("deputies", "", "import"),
    path("new/", people.new, name="new"),
    path("<int:pk>/", people.DeputyDetail.as_view(), name="detail"),
    path("<int:pk>/change/", people.change, name="change"),
    path("<int:pk>/log-in/", people.open_log_in, name="open_log_in"),
    path("<int:pk>/mandates/", people.add_mandate, name="add_mandate"),
    path("<int:pk>/mandates/<int:mandate_pk>/end/", people.end_mandate, name="end_mandate"),
    path("<int:pk>/records/", records.records, name="records"),
    path("<int:pk>/records/award/", records.add_award, name="add_award"),
    path("<int:pk>/records/four-ones/", records.add_four_ones, name="add_four_ones"),
    path("<int:pk>/records/award/<int:record_pk>/void/", records.void_award, name="void_award"),
    path(
        "<int:pk>/records/four-ones/<int:record_pk>/void/",
        records.void_four_ones,
        name="void_four_ones",
    ),
    path("log-ins/<int:station_pk>/", log_ins.waiting, name="log_ins"),
    path("log-ins/<int:station_pk>/open/", log_ins.open_all, name="open_log_ins"),
    path("groups/", groups.GroupList.as_view(), name="group_list"),
    path("groups/new/", groups.group_new, name="group_new"),
    path("groups/<int:pk>/change/", groups.group_change, name="group_change"),
]
