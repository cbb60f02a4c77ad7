# Only for applications that work in their customers' projects.

variable "service_account_link" {
  description = <<-TEXT
    Gives each customer a service account, and the application the address of Google's page where the
    customer grants it access. null: the application works in no customer's project.
      service_name      the product's service name, as Google's Partner Engineer registered it
      callers           service accounts with which the application calls: each its e-mail, or `EMAIL=UNIQUE_ID`, which
                        accepts no other account that is made at the address of a deleted one
      roles             registered roles, without `roles/`: those that a call may ask for
      project           project that holds the customers' accounts, and best nothing else; null: this one, which is
                        refused unless service_account_project_shared accepts it
      redirect_domains  registered hosts to which Google's page may lead back, *.example.com for all
                        below example.com; null: it leads nowhere back
      console_host      host of Google's page
  TEXT

  type = object({
    service_name     = string
    callers          = list(string)
    roles            = list(string)
    project          = optional(string)
    redirect_domains = optional(list(string))
    console_host     = optional(string, "console.cloud.google.com")
  })
  default = null

  validation {
    condition     = var.service_account_link == null || can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.service_account_link.service_name))
    error_message = "service_account_link.service_name must be a service name such as product.endpoints.example-partner.cloud.goog."
  }

  validation {
    condition = var.service_account_link == null || try(
      length(var.service_account_link.callers) > 0 &&
      alltrue([for caller in var.service_account_link.callers : can(regex("^[a-z0-9.-]+@[a-z0-9.-]+\\.gserviceaccount\\.com(=[0-9]{1,30})?$", caller))]),
      false,
    )
    error_message = "service_account_link.callers must be at least one e-mail address of a service account such as app@vendor-app.iam.gserviceaccount.com, alone or with its unique id: EMAIL=112233445566778899222."
  }

  validation {
    condition = (
      try(var.service_account_link.project, null) == null ||
      can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.service_account_link.project))
    )
    error_message = "service_account_link.project must be a project id such as vendor-customers."
  }

  validation {
    condition = (
      var.service_account_link == null ||
      var.service_account_project_shared == "accepted" ||
      try(coalesce(var.service_account_link.project, var.project), null) != var.project
    )
    error_message = "service_account_link.project must be another project than the deployment's own. A deployment whose customers have their accounts there already keeps it with service_account_project_shared = \"accepted\"."
  }

  validation {
    condition = var.service_account_link == null || try(
      length(var.service_account_link.roles) >= 1 && length(var.service_account_link.roles) <= 40 &&
      alltrue([for role in var.service_account_link.roles : can(regex("^[A-Za-z][A-Za-z0-9_.]*$", role))]),
      false,
    )
    error_message = "service_account_link.roles must be 1 to 40 roles without roles/, such as bigquery.dataViewer."
  }

  validation {
    condition = try(var.service_account_link.redirect_domains, null) == null || try(
      length(var.service_account_link.redirect_domains) > 0 && alltrue([
        for domain in var.service_account_link.redirect_domains :
        can(regex("^(\\*\\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", domain))
      ]),
      false,
    )
    error_message = "service_account_link.redirect_domains must be at least one host name without scheme, such as app.example.com or *.example.com."
  }

  validation {
    condition = var.service_account_link == null || try(
      contains(["console.cloud.google.com", "console.google.com"], var.service_account_link.console_host),
      false,
    )
    error_message = "service_account_link.console_host must be console.cloud.google.com or console.google.com."
  }
}

variable "service_account_project_shared" {
  description = "Whether customers' service accounts may be in the deployment's own project: refused, or accepted for a deployment that already has them there. Who may create accounts in a project can make one at the address of any that was deleted, and all share the project's quota."
  type        = string
  default     = "refused"
  nullable    = false

  validation {
    condition     = contains(["accepted", "refused"], var.service_account_project_shared)
    error_message = "service_account_project_shared must be refused or accepted."
  }
}
