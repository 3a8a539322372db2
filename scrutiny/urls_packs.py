"""Addresses of packs: as readers find them, the clerk's desk, and the check of a digest that anybody may make."""

from django.urls import URLPattern, URLResolver, path

from scrutiny import views_desk_packs, views_packs

urlpatterns: list[URLPattern | URLResolver] = [
    path("verify/<str:digest>/", views_packs.verify, name="verify"),
    path("<slug:slug>/meetings/<int:meeting_id>/packs/", views_packs.packs, name="packs"),
    path("<slug:slug>/packs/<int:pack_id>/", views_packs.pack, name="pack"),
    path("<slug:slug>/packs/<int:pack_id>/progress/", views_packs.pack_progress, name="pack_progress"),
    path("<slug:slug>/packs/<int:pack_id>/pack.pdf", views_packs.pack_file, name="pack_file"),
    path("<slug:slug>/documents/<int:document_id>/file.pdf", views_packs.document, name="document"),
    path(
        "<slug:slug>/desk/meetings/<int:meeting_id>/pack/", views_desk_packs.meeting_packs, name="desk_packs"
    ),
    path("<slug:slug>/desk/packs/<int:pack_id>/cancel/", views_desk_packs.cancel, name="desk_pack_cancel"),
    path("<slug:slug>/desk/packs/<int:pack_id>/seal/", views_desk_packs.seal, name="desk_pack_seal"),
    path(
        "<slug:slug>/desk/meetings/<int:meeting_id>/items/<int:item_id>/documents/new/",
        views_desk_packs.attach,
        name="desk_attach",
    ),
    path(
        "<slug:slug>/desk/documents/<int:document_id>/withdraw/",
        views_desk_packs.withdraw_document,
        name="desk_document_withdraw",
    ),
]
