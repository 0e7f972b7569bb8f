from django.contrib import admin
from django.urls import include, path

from liaison_portal import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("system/", views.system, name="system"),
    path("system/seen/", views.failures_seen, name="failures_seen"),
    path("accounts/", include("accounts.urls")),
    path("stations/standards/assess/", include("reports.urls.standards")),
    path("stations/", include("stations.urls")),
    path("deputies/", include("deputies.urls")),
    path("duty/", include("deputies.urls.duty")),
    path("visits/", include("visits.urls")),
    path("suggestions/", include("suggestions.urls")),
    path("reports/", include("reports.urls")),
    path("inbox/sent/", include("stations.sent_urls")),
    path("inbox/", include("accounts.inbox_urls")),
    path("jobs/", include("common.jobs.urls")),
    path("admin/", admin.site.urls),
]
