from django.urls import path

from common.importing.urls import import_paths
from visits import views

app_name = "visits"
urlpatterns = [
    path("receptions/", views.ReceptionList.as_view(), name="reception_list"),
    path("receptions/export/", views.export, name="reception_export"),
    path("receptions/print/", views.ReceptionPrint.as_view(), name="reception_print"),
    path("receptions/new/", views.reception_new, name="reception_new"),
    path("receptions/<int:pk>/", views.ReceptionDetail.as_view(), name="reception_detail"),
    path("receptions/<int:pk>/change/", views.reception_change, name="reception_change"),
    path("receptions/<int:pk>/void/", views.void, name="reception_void"),
    path("receptions/<int:pk>/contact/", views.reveal, name="reception_contact"),
    path("receptions/drafts/<uuid:key>/", views.keep_draft, name="draft_keep"),
    path("receptions/drafts/<uuid:key>/drop/", views.drop_draft, name="draft_drop"),
    *import_paths("receptions", "receptions/", "reception_import"),
    path("days/<int:pk>/close/", views.close_day, name="close_day"),
    path("days/<int:pk>/receptions/", views.day_receptions, name="day_receptions"),
    path("opinions/", views.OpinionList.as_view(), name="opinion_list"),
]
