# Looks at the vendor's domain from three places, four times an hour: that its certificate is valid
# for long enough, and that a sign-up would arrive. Cloud Run's own addresses are Google's care.
resource "google_monitoring_uptime_check_config" "signup" {
  count = var.domain != null && contains(keys(local.deployed), "signup") ? 1 : 0

  display_name     = "${local.name}: sign-up page"
  period           = "900s"
  timeout          = "10s"
  selected_regions = ["ASIA_PACIFIC", "EUROPE", "SOUTH_AMERICA"]

  http_check {
    path         = "/signup"
    port         = 443
    use_ssl      = true
    validate_ssl = true
  }

  monitored_resource {
    type   = "uptime_url"
    labels = { project_id = var.project, host = var.domain }
  }

  depends_on = [time_sleep.apis]
}
