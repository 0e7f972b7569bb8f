from django.urls import path

from common.importing.urls import import_paths
from deputies import views

app_name = "deputies"
urlpatterns = [
    path("", views.DeputyList.as_view(), name="list"),
    *import_paths("deputies", "", "import"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.DeputyDetail.as_view(), name="detail"),
    path("<int:pk>/change/", views.change, name="change"),
    path("<int:pk>/log-in/", views.open_log_in, name="open_log_in"),
    path("<int:pk>/mandates/", views.add_mandate, name="add_mandate"),
    path("<int:pk>/mandates/<int:mandate_pk>/end/", views.end_mandate, name="end_mandate"),
    path("groups/", views.GroupList.as_view(), name="group_list"),
    path("groups/new/", views.group_new, name="group_new"),
    path("groups/<int:pk>/change/", views.group_change, name="group_change"),
]
