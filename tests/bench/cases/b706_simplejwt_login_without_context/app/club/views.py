"""Logging in and out of a sports club's app, and the page of a member."""
import logging

from rest_framework import status
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer, TokenRefreshSerializer

log = logging.getLogger("club.views")


class Login(APIView):
    permission_classes = [AllowAny]
    authentication_classes = []

    def post(self, request):
        serializer = TokenObtainPairSerializer(data=request.data)
        try:
            serializer.is_valid(raise_exception=True)
        except KeyError:
            log.exception("login of %s failed", request.data.get("username"))
            return Response({"detail": "login not possible"}, status=status.HTTP_503_SERVICE_UNAVAILABLE)
        return Response(serializer.validated_data)


class Refresh(APIView):
    permission_classes = [AllowAny]
    authentication_classes = []

    def post(self, request):
        serializer = TokenRefreshSerializer(data=request.data)
        try:
            serializer.is_valid(raise_exception=True)
        except TokenError as error:
            return Response({"detail": str(error)}, status=status.HTTP_401_UNAUTHORIZED)
        return Response(serializer.validated_data)


class Me(APIView):
    permission_classes = [IsAuthenticated]

    def get(self, request):
        return Response({"name": request.user.get_username()})
