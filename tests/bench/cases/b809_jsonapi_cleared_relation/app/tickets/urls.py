from django.urls import include, path
from rest_framework.routers import SimpleRouter

from . import views

router = SimpleRouter(trailing_slash=False)
router.register("tickets", views.TicketViewSet)

urlpatterns = [
    path("tickets/<int:pk>/relationships/<str:related_field>", views.TicketRelationshipView.as_view(), name="ticket-relationships"),
    path("", include(router.urls)),
]
