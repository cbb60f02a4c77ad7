# Alerts about what is not done until somebody has looked: of each line with a field `alert` that a function
# writes about accounts and orders. Those about usage are in alerts_usage.tf.

locals {
  # What the field says → what the alert does.
  signs = {
    absence-brake = {
      title   = "what Google does not find waits for you"
      meaning = "Something has been absent at Google for a day, and too much else is absent too, or Google finds no other account: a mistake is likelier than an end, so nothing is closed until you accept it. `reason` of the log line says which. Is `procurement_provider` right, and is the Procurement API well? `operator absences` shows the list."
    }
    other-provider = {
      title   = "the store belongs to another provider"
      meaning = "`procurement_provider` is not the provider of the accounts and orders in the store, or none of them is found under it. So sign-up, events, reconciliation and usage are refused; login goes on. Put the provider back, or read what `operator doctor` says, then `operator adopt-provider`."
    }
    product-removed = {
      title   = "a product with orders in force was removed"
      meaning = "`products` lacks a product of which there are orders in force. They keep their access, and nothing new of it is approved. Put the product back; or cancel the orders in Producer Portal."
    }
  }

  # A request that is refused for such a reason has the same name as its `errorCode`. Either one is a sign.
  sign_alerts = {
    for sign, alert in local.signs : replace(sign, "-", "_") => merge(alert, {
      wanted   = true
      severity = sign == "other-provider" ? "CRITICAL" : "ERROR"
      seconds  = 60
      query = "${join(" + ", [
        for metric in ["alerts", "requests"] :
        "(sum(increase(${local.promql[metric]}{monitored_resource=\"cloud_run_revision\",${local.sign_labels[metric]}=\"${sign}\"}[1h])) or vector(0))"
      ])} > 0"
    })
  }

  sign_labels = { alerts = "alert", requests = "error_code" }
}
