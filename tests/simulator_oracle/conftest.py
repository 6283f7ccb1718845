from simulator.conftest import config, meta, receiver, set_switches

__all__ = ["config", "meta", "receiver", "set_switches"]
