# The project of the customers' service accounts, as far as it is another one: its quotas are seen from here, so that
# an alert can tell before it is full.
resource "google_monitoring_monitored_project" "customers" {
  count = var.service_account_link != null && local.service_account_project != var.project ? 1 : 0

  metrics_scope = var.project
  name          = local.service_account_project

  depends_on = [time_sleep.apis]
}
