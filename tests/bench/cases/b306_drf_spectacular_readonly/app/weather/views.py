from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.views import APIView

from .stations import STATIONS


class ReadingSerializer(serializers.Serializer):
    station = serializers.CharField(max_length=20)
    celsius = serializers.FloatField(min_value=-60, max_value=60)


class StationSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=20)
    height = serializers.IntegerField(help_text="metres above the sea")
    latest = serializers.ReadOnlyField(help_text="degrees, empty if there was no reading")


def station(name):
    if name not in STATIONS:
        raise NotFound(f"no station {name}")
    return STATIONS[name]


class ReadingsView(APIView):
    @extend_schema(request=ReadingSerializer, responses={201: ReadingSerializer})
    def post(self, request):
        serializer = ReadingSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        station(serializer.validated_data["station"]).readings.append(serializer.validated_data["celsius"])
        return Response(serializer.data, status=201)


class StationView(APIView):
    @extend_schema(responses=StationSerializer)
    def get(self, request, name):
        return Response(StationSerializer(station(name)).data)
