from django.urls import path

from . import views

urlpatterns = [
    path("categories", views.tree),
    path("categories/new", views.create),
    path("categories/<int:parent>/new", views.create),
]
