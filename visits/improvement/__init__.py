"""Our own service, looked at with the method that we teach: measures over time, their limits and their signals."""
