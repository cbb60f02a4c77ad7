# The vendor's domain in front of the functions, if `domain` is set and `load_balancer` is left on.

locals {
  # The address comes first, so that DNS can be prepared before there are images.
  routed   = { for name, function in local.deployed : name => function if local.load_balanced && length(function.routes) > 0 }
  balanced = length(local.routed) > 0 ? 1 : 0

  # Where whoever looks at the domain itself is sent.
  listing = regex("^https://(?P<host>[^/?#]+)(?P<path>/[^?#]*)?", var.listing_url)
}

resource "google_compute_global_address" "main" {
  count  = local.load_balanced ? 1 : 0
  name   = local.name
  labels = local.labels

  depends_on = [time_sleep.apis]
}

# Google issues it once the domain leads here, and renews it.
resource "google_compute_managed_ssl_certificate" "main" {
  count = local.balanced
  name  = "${local.name}-${substr(sha256(coalesce(var.domain, "-")), 0, 8)}"

  managed {
    domains = [var.domain]
  }

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [time_sleep.apis]
}

resource "google_compute_ssl_policy" "main" {
  count           = local.balanced
  name            = local.name
  profile         = "RESTRICTED"
  min_tls_version = "TLS_1_2"

  depends_on = [time_sleep.apis]
}

resource "google_compute_region_network_endpoint_group" "main" {
  for_each              = local.routed
  name                  = "${local.name}-${each.key}"
  region                = var.region
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = module.function[each.key].service_name
  }
}

resource "google_compute_backend_service" "main" {
  for_each              = local.routed
  name                  = "${local.name}-${each.key}"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  security_policy       = google_compute_security_policy.main[0].id

  backend {
    group = google_compute_region_network_endpoint_group.main[each.key].id
  }

  # The functions write one line a request themselves.
  log_config {
    enable = false
  }
}

resource "google_compute_url_map" "main" {
  count = local.balanced
  name  = local.name

  # What is none of our paths never wakes an instance.
  default_url_redirect {
    host_redirect          = local.listing.host
    path_redirect          = coalesce(local.listing.path, "/")
    https_redirect         = true
    redirect_response_code = "FOUND"
    strip_query            = true
  }

  host_rule {
    hosts        = [var.domain]
    path_matcher = "functions"
  }

  path_matcher {
    name = "functions"

    default_url_redirect {
      host_redirect          = local.listing.host
      path_redirect          = coalesce(local.listing.path, "/")
      https_redirect         = true
      redirect_response_code = "FOUND"
      strip_query            = true
    }

    dynamic "path_rule" {
      for_each = local.routed
      content {
        paths   = path_rule.value.routes
        service = google_compute_backend_service.main[path_rule.key].id
      }
    }
  }
}

resource "google_compute_target_https_proxy" "main" {
  count            = local.balanced
  name             = local.name
  url_map          = google_compute_url_map.main[0].id
  ssl_certificates = [google_compute_managed_ssl_certificate.main[0].id]
  ssl_policy       = google_compute_ssl_policy.main[0].id
}

resource "google_compute_global_forwarding_rule" "https" {
  count                 = local.balanced
  name                  = "${local.name}-https"
  labels                = local.labels
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.main[0].id
  port_range            = "443"
  target                = google_compute_target_https_proxy.main[0].id
}
