"""Settings of the newsletter: the shipped file, then what the customer's own file says otherwise."""
from pydantic import BaseModel, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict, YamlConfigSettingsSource


class Relay(BaseModel):
    host: str = "localhost"
    port: int = 25
    password: SecretStr | None = None


class NewsletterSettings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="NEWSLETTER_", yaml_file=["etc/defaults.yaml", "etc/local.yaml"], extra="ignore"
    )

    sender: str
    batch: int = 50
    relay: Relay = Relay()

    @classmethod
    def settings_customise_sources(cls, settings_cls, init_settings, env_settings, **others):
        return init_settings, env_settings, YamlConfigSettingsSource(settings_cls)
