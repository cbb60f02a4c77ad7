# Alerts about usage: what is not reported is not paid. Of each line with a field
# `alert` that usage-report writes, and of its silence.

locals {
  # What the field says → what the alert does.
  usage_signs = {
    usage-report-pending = {
      title   = "usage has been pending for two hours"
      meaning = "Reports of usage are sent again and again, and Google's answer stays unknown; or a customer's `usageReportingId` is missing. `operator usage` lists them, and the log lines' `reason` says why. Nothing is lost meanwhile."
    }
    usage-report-refused = {
      title   = "Google refused a report of usage"
      meaning = "Refused usage is not billed. `operator usage` shows Google's reason. Repair the cause, then `operator usage retry OPERATION_ID`, with `--current-consumer` where the consumer was wrong."
    }
    usage-report-held = {
      title   = "usage is held back"
      meaning = "A total is beyond what Google takes, or usage was recorded after an entitlement's end before anybody knew of that. `operator usage` lists it; nothing but `operator usage release` moves it."
    }
    usage-closing-late = {
      title   = "hours of usage cannot be closed"
      meaning = "A customer's usage has been overdue for hours and is not all read; `operator usage` lists it. Either the database fails, or there is more than the calls of `/report` can read: let the scheduler call more often, or the application record sums."
    }
    usage-refused = {
      title   = "usage of an order in force is refused"
      meaning = "The application sent usage of an order in force, and it was not stored: it is not billed. `code` of the log line says why, such as `metric-unknown` or `product-without-service`. Correct it, and let the application send the records again."
    }
    usage-set-up-wrong = {
      title   = "the set-up of usage reporting is wrong"
      meaning = "Google's check says that consumer, rights or service are not right. Has the service account of usage-report the role Service Controller on `usage_service_name`? Customers are not cut off by this."
    }
  }

  usage_alerts = merge(
    {
      for sign, alert in local.usage_signs : replace(sign, "-", "_") => merge(alert, {
        wanted   = local.metered
        severity = "ERROR"
        query    = "sum(increase(${local.promql["usage_alerts"]}{monitored_resource=\"cloud_run_revision\",alert=\"${sign}\"}[1h])) > 0"
        seconds  = 60
      })
    },
    {
      # Half an hour without, for half an hour: the last was an hour ago. A first deployment has the
      # second half to begin.
      usage_silent = {
        wanted   = contains(keys(local.deployed), "usage-report")
        severity = "ERROR"
        title    = "no usage has been reported for an hour"
        query    = "(sum(increase(${local.promql["usage_rounds"]}{monitored_resource=\"cloud_run_revision\"}[30m])) or vector(0)) < 0.5"
        seconds  = 1800
        meaning  = "No call of /report came to its end. Is the scheduler job paused or refused? Usage is still recorded, and is reported when it goes on."
      }
    },
  )
}
