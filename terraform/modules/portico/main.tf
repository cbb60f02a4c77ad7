# The functions of a deployment, listed once. Whoever adds one adds an entry here, its variables and
# secrets in environment.tf and what only it may do in iam.tf.
#
#   configured    whether the vendor uses it
#   ingress       from where it can be reached
#   routes        its paths on the vendor's domain, where Cloud Armor bounds the requests of one address; none: it has
#                 no place there
#   identity_only whether it answers to Google-signed identity tokens only; programs call more often than browsers
#   concurrency, memory, max_instances: README.md, "Sizes"
#   publishes     whether it tells the application of changes
#   jobs          what Cloud Scheduler calls: name → path, schedule (UTC)
locals {
  functions = {
    signup = {
      configured    = true
      ingress       = local.public_ingress
      routes        = ["/signup", "/signup/*"]
      identity_only = false
      concurrency   = 64
      memory        = "128Mi"
      max_instances = var.max_instances
      publishes     = true
      jobs          = {}
    }
    sso-login = {
      configured    = true
      ingress       = local.public_ingress
      routes        = ["/login", "/login/*"]
      identity_only = false
      concurrency   = 64
      memory        = "128Mi"
      max_instances = var.max_instances
      publishes     = false
      jobs          = {}
    }
    service-account-link = {
      configured    = var.service_account_link != null
      ingress       = local.public_ingress
      routes        = ["/service-account-links"]
      identity_only = true
      concurrency   = 64
      memory        = "128Mi"
      max_instances = var.max_instances
      publishes     = false
      jobs          = {}
    }
    procurement-events = {
      configured    = true
      ingress       = "INGRESS_TRAFFIC_INTERNAL_ONLY"
      routes        = []
      identity_only = true
      concurrency   = 16
      memory        = "512Mi"
      max_instances = 4
      publishes     = true
      jobs          = { reconcile = { path = "/reconcile", schedule = "*/${var.reconcile_every_minutes} * * * *" } }
    }
    usage-report = {
      configured    = local.metered
      ingress       = local.public_ingress
      routes        = ["/usage"]
      identity_only = true
      concurrency   = 8
      memory        = "512Mi"
      max_instances = var.max_instances
      publishes     = true
      # The hour before is over, and its latest records have come.
      jobs = { report = { path = "/report", schedule = "5-55/10 * * * *" } }
    }
  }

  configured = { for name, function in local.functions : name => function if function.configured }

  # A function without an image has its service account already, and no service yet.
  deployed = { for name, function in local.configured : name => function if contains(keys(local.images), name) }
}

module "function" {
  source   = "./modules/function"
  for_each = local.configured

  name          = "${local.name}-${each.key}"
  account_id    = local.account_ids[each.key]
  labels        = local.labels
  project       = var.project
  region        = var.region
  image         = lookup(local.images, each.key, null)
  expected_url  = local.run_urls[each.key]
  ingress       = each.value.ingress
  concurrency   = each.value.concurrency
  memory        = each.value.memory
  max_instances = each.value.max_instances
  environment   = { for variable, value in local.environment[each.key] : variable => value if value != null }
  secrets       = lookup(local.secrets, each.key, {})
  database      = google_firestore_database.main.name
  topics        = each.value.publishes ? { changes = google_pubsub_topic.changes.id } : {}

  depends_on = [time_sleep.apis, time_sleep.releases]
}
