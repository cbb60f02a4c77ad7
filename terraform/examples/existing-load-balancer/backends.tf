locals {
  # What has a place on the domain.
  routed = { for name, function in module.portico.functions : name => function if function.deployed && length(function.paths) > 0 }
}

resource "google_compute_region_network_endpoint_group" "portico" {
  for_each = local.routed

  name                  = each.value.service
  region                = local.region
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = each.value.service
  }
}

resource "google_compute_backend_service" "portico" {
  for_each = local.routed

  name                  = each.value.service
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  # security_policy     = your own limit of requests

  backend {
    group = google_compute_region_network_endpoint_group.portico[each.key].id
  }
}

# For your map of paths: a `path_rule` each, on the host marketplace.example.com.
output "path_rules" {
  value = {
    for name, function in local.routed : name => {
      paths   = function.paths
      service = google_compute_backend_service.portico[name].id
    }
  }
}
