# Bounds what one address can ask of the public functions, before it wakes an instance or costs a
# read. It is no defence of the functions' secrets: those are defended by what they verify.
resource "google_compute_security_policy" "main" {
  count       = local.balanced
  name        = var.prefix
  description = "At most ${var.rate_limit_per_minute} requests a minute from one address"

  rule {
    description = "Rate limit for each address"
    action      = "throttle"
    priority    = 1000

    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }

    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"
      rate_limit_threshold {
        count        = var.rate_limit_per_minute
        interval_sec = 60
      }
    }
  }

  rule {
    description = "Everybody else"
    action      = "allow"
    priority    = 2147483647

    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
  }

  depends_on = [google_project_service.main]
}
