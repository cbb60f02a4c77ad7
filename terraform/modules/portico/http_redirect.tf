# Whoever comes by plain HTTP is sent to HTTPS; no function ever hears of it.

resource "google_compute_url_map" "http" {
  count = local.balanced
  name  = "${local.name}-http"

  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "MOVED_PERMANENTLY_DEFAULT"
    strip_query            = false
  }

  depends_on = [time_sleep.apis]
}

resource "google_compute_target_http_proxy" "main" {
  count   = local.balanced
  name    = local.name
  url_map = google_compute_url_map.http[0].id
}

resource "google_compute_global_forwarding_rule" "http" {
  count                 = local.balanced
  name                  = "${local.name}-http"
  labels                = local.labels
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.main[0].id
  port_range            = "80"
  target                = google_compute_target_http_proxy.main[0].id
}
