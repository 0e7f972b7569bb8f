from django.urls import path

from common.importing.urls import import_paths
from stations import views

app_name = "stations"
urlpatterns = [
    path("", views.StationList.as_view(), name="list"),
    *import_paths("stations", "", "import"),
    path("new/", views.new, name="new"),
    path("offices/", views.offices, name="offices"),
    path("offices/add/", views.add_officer, name="add_officer"),
    path("offices/<int:posting_pk>/end/", views.end_officer, name="end_officer"),
    path("offices/<int:posting_pk>/log-in/", views.officer_log_in, name="officer_log_in"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/import/", views.import_calendar, name="calendar_import"),
    path("calendar/day/", views.set_day, name="calendar_day"),
    path("categories/", views.category_list, name="categories"),
    path("categories/add/", views.category_add, name="category_add"),
    path("categories/<int:pk>/rename/", views.category_rename, name="category_rename"),
    path("categories/<int:pk>/move/", views.category_move, name="category_move"),
    path("categories/<int:pk>/switch/", views.category_switch, name="category_switch"),
    path("categories/<int:pk>/remove/", views.category_remove, name="category_remove"),
    path("<int:pk>/", views.StationDetail.as_view(), name="detail"),
    path("<int:pk>/change/", views.change, name="change"),
    path("<int:pk>/postings/", views.add_posting, name="add_posting"),
    path("<int:pk>/postings/<int:posting_pk>/end/", views.end_posting, name="end_posting"),
    path("<int:pk>/postings/<int:posting_pk>/log-in/", views.open_log_in, name="open_log_in"),
]
