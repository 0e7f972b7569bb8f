from django.contrib import admin
from django.contrib.auth.models import Group

# Rights come from postings; Django's own groups would only confuse.
admin.site.unregister(Group)
