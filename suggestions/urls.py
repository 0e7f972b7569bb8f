from django.urls import path

from common.importing.urls import import_paths
from suggestions import views
from suggestions.forms.course import FORMS
from suggestions.views import acts, papers, settings, sheets
from suggestions.views import new as writing
from suggestions.views.lists import SuggestionList
from suggestions.views.promises import PromiseList

app_name = "suggestions"

# Every act of the course has its address: turn_back → turn-back.
ACTS = [
    path(f"<int:pk>/{name.replace('_', '-')}/", views.act, {"name": name}, name=name)
    for name in FORMS
]

urlpatterns = [
    path("", SuggestionList.as_view(), name="list"),
    path("promises/", PromiseList.as_view(), name="promises"),
    path("export/", sheets.export, name="export"),
    *import_paths("suggestions", "", "import"),
    path("settings/", settings.overview, name="settings"),
    path("settings/limits/", settings.set_limits, name="set_limits"),
    path("settings/reckon/", settings.reckon, name="reckon"),
    path("settings/sessions/new/", settings.session_new, name="session_new"),
    path("settings/sessions/<int:pk>/", settings.session_change, name="session_change"),
    path("settings/wordings/", settings.set_wording, name="set_wording"),
    path("new/", writing.new, name="new"),
    path("similar/", writing.similar, name="similar"),
    path("drafts/<uuid:key>/", writing.keep_draft, name="draft_keep"),
    path("drafts/<uuid:key>/drop/", writing.drop_draft, name="draft_drop"),
    path("<int:pk>/change/", writing.change, name="change"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/replies/<int:reply_pk>/file/", views.reply_file, name="reply_file"),
    *ACTS,
    path("<int:pk>/drafts/<slug:name>/", acts.keep_draft, name="act_draft_keep"),
    path("<int:pk>/drafts/<slug:name>/drop/", acts.drop_draft, name="act_draft_drop"),
    path("<int:pk>/papers/<slug:kind>/", papers.paper, name="paper"),
    path("<int:pk>/papers/<slug:kind>.docx", papers.paper_word, name="paper_word"),
]
