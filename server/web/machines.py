"""The door of a process that only works: for those who watch over it, and nobody else."""

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide

from server.actions.unit import Services
from server.web import errors, health
from server.web.health import Live


def machine_application(services: Services, hub: Live, *, metrics_token: str | None) -> Litestar:
    return Litestar(
        route_handlers=[health.healthz, health.readyz, health.metrics],
        exception_handlers={Exception: errors.answer},
        dependencies={"services": Provide(lambda: services, sync_to_thread=False)},
        state=State({"services": services, "hub": hub, "metrics_token": metrics_token}),
        openapi_config=None,
        logging_config=None,
        debug=False,
    )
