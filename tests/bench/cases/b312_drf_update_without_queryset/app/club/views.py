from django.http import Http404
from rest_framework import serializers
from rest_framework.generics import RetrieveUpdateAPIView

from . import members


class MemberSerializer(serializers.Serializer):
    number = serializers.IntegerField(read_only=True)
    name = serializers.CharField(max_length=60)
    town = serializers.CharField(max_length=30, allow_blank=True)

    def update(self, instance, validated_data):
        return members.save(instance, **validated_data)


class ProfileView(RetrieveUpdateAPIView):
    """What a member knows of themselves; the gateway says who asks."""

    serializer_class = MemberSerializer

    def get_object(self):
        number = self.request.headers.get("X-Member", "")
        if not number.isdigit() or int(number) not in members.REGISTER:
            raise Http404
        return members.REGISTER[int(number)]
