"""HTTP in, HTTP out: routers, schemas, dependencies, one error table, one event stream."""
