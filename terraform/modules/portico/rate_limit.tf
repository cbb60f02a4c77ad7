# Bounds what one address can ask of the functions, before it wakes an instance or costs a read. It is
# no defence of the functions' secrets: those are defended by what they verify.
#
# The key is the address also for programs. A limit for each `Authorization` would bound nobody who makes
# up another one for each request, and of a header Cloud Armor compares the first 128 bytes only, which
# the tokens of all callers share.
locals {
  # What the application calls, by its exact paths, as the load balancer's map has them.
  application_paths = flatten([for name, function in local.routed : function.routes if function.identity_only])
}

resource "google_compute_security_policy" "main" {
  count       = local.balanced
  name        = local.name
  description = "At most ${var.rate_limit_per_minute} requests a minute from one address, ${var.application_rate_limit_per_minute} to what the application calls"

  dynamic "rule" {
    for_each = length(local.application_paths) > 0 ? [local.application_paths] : []
    content {
      description = "Rate limit for each address of the application"
      action      = "throttle"
      priority    = 900

      match {
        expr {
          expression = join(" || ", [for path in rule.value : "request.path == '${path}'"])
        }
      }

      rate_limit_options {
        conform_action = "allow"
        exceed_action  = "deny(429)"
        enforce_on_key = "IP"
        rate_limit_threshold {
          count        = var.application_rate_limit_per_minute
          interval_sec = 60
        }
      }
    }
  }

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

  depends_on = [time_sleep.apis]
}
