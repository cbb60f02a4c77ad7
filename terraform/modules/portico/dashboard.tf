# Whether it works, at a glance: two charts a row, and the alerts on top.
locals {
  own = "monitored_resource=\"cloud_run_revision\""

  charts = [
    {
      title = "Requests, by how they ended"
      unit  = "requests in 5 minutes"
      query = "sum by (outcome) (increase(${local.promql["requests"]}{${local.own},outcome!=\"\"}[5m]))"
    },
    {
      title = "Refusals, by reason"
      unit  = "requests in 5 minutes"
      query = "sum by (service_name, error_code) (increase(${local.promql["requests"]}{${local.own},error_code!=\"\"}[5m]))"
    },
    {
      title = "Latency, 95 of 100 requests"
      unit  = "ms"
      query = "histogram_quantile(0.95, sum by (le, service_name) (rate(${local.promql["latency"]}_bucket{${local.own}}[5m])))"
    },
    {
      title = "Cold starts"
      unit  = "instances in 5 minutes"
      query = "sum by (service_name) (increase(${local.promql["cold_starts"]}{${local.own}}[5m]))"
    },
    {
      title = "Approvals waiting: could not be given"
      unit  = "attempts in 30 minutes"
      query = "sum by (service_name) (increase(${local.promql["approvals_waiting"]}{${local.own}}[30m]))"
    },
    {
      title = "Dead letters"
      unit  = "messages"
      query = "max(last_over_time(pubsub_googleapis_com:subscription_num_undelivered_messages{monitored_resource=\"pubsub_subscription\",subscription_id=\"${google_pubsub_subscription.dead_letters.name}\"}[15m]))"
    },
    {
      title = "Oldest event not followed yet"
      unit  = "s"
      query = "max by (subscription_id) (last_over_time(pubsub_googleapis_com:subscription_oldest_unacked_message_age{monitored_resource=\"pubsub_subscription\",subscription_id=~\"${local.name}-(marketplace|replay)\"}[15m]))"
    },
    {
      title = "Not repaired by reconciliation"
      unit  = "resources in 1 hour"
      query = "sum(increase(${local.promql["not_repaired"]}{${local.own}}[1h]))"
    },
    {
      title = "Google's keys unreachable"
      unit  = "lines in 5 minutes"
      query = "sum by (service_name) (increase(${local.promql["keys_unreachable"]}{${local.own}}[5m]))"
    },
    {
      title = "Log volume of Cloud Run"
      unit  = "bytes in 1 day"
      query = "sum(increase(logging_googleapis_com:billing_bytes_ingested{monitored_resource=\"global\",resource_type=\"cloud_run_revision\"}[1d]))"
    },
  ]

  usage_charts = [
    {
      title = "Usage reported: calls of /report that came to their end"
      unit  = "calls in 1 hour"
      query = "sum(increase(${local.promql["usage_rounds"]}{${local.own}}[1h]))"
    },
    {
      title = "Usage that needs somebody"
      unit  = "lines in 1 hour"
      query = "sum by (alert) (increase(${local.promql["usage_alerts"]}{${local.own},alert!=\"\"}[1h]))"
    },
  ]

  alert_tile = {
    xPos = 0, yPos = 0, width = 48, height = 8
    widget = {
      title     = "Alerts"
      alertList = { policyNames = values(google_monitoring_alert_policy.main)[*].name }
    }
  }

  chart_tiles = [
    for position, chart in concat(local.objective_charts, local.charts, local.reconciled_charts, local.manual ? local.waiting_charts : [], local.metered ? local.usage_charts : []) : {
      xPos   = position % 2 * 24
      yPos   = 8 + floor(position / 2) * 16
      width  = 24
      height = 16
      widget = {
        title = chart.title
        xyChart = {
          dataSets = [{
            plotType        = "LINE"
            timeSeriesQuery = { prometheusQuery = chart.query }
          }]
          yAxis = { label = chart.unit, scale = "LINEAR" }
        }
      }
    }
  ]
}

resource "google_monitoring_dashboard" "main" {
  dashboard_json = jsonencode({
    displayName  = local.name
    mosaicLayout = { columns = 48, tiles = concat([local.alert_tile], local.chart_tiles) }
  })

  depends_on = [time_sleep.apis]
}
