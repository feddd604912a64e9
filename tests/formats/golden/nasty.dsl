workspace "<script>alert(\"1\")</script>" "<script>alert(\"1\")</script> ]]> --> <!-- & &amp; &#60; back⧵slash ⧵N ⧵G ⧵l ⧵ two lines and tabs 買い物かご 決済サービス" {
    model {
        service_s_4 = softwareSystem "買い物かご 決済サービス" "買い物かご 決済サービス" "External,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        service_s_5 = softwareSystem "סל קניות" "סל קניות" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        service_s_6 = softwareSystem "end" "end" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        service_s_7 = softwareSystem "class" "class" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        service_s_8 = softwareSystem "subgraph x; style a fill:red %%{init}%%" "subgraph x; style a fill:red %%{init}%%" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        service_s_9 = softwareSystem "#quot; #35; `code` **bold** __x__ //x// --x-- ~~x~~" "#quot; #35; `code` **bold** __x__ //x// --x-- ~~x~~" "External,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        service_s_10 = softwareSystem "@startuml" "@startuml" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        service_s_11 = softwareSystem "@enduml" "@enduml" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        service_s_12 = softwareSystem "!define x y" "!define x y" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        service_s_13 = softwareSystem "$x $⁠{HOME} $⁠{x} %date() <U+0041> <&heart>" "$x $⁠{HOME} $⁠{x} %date() <U+0041> <&heart>" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        service_s_14 = softwareSystem "'); }; a = b -> c" "'); }; a = b -> c" "External,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        service_s_15 = softwareSystem "{a|b} <b>bold</b> [[https://x]] ]" "{a|b} <b>bold</b> [[https://x]] ]" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        service_s_16 = softwareSystem ":::class click n1 call evil()" ":::class click n1 call evil()" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        service_s_17 = softwareSystem "* = - + | .. == bullets" "* = - + | .. == bullets" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        service_s_18 = softwareSystem "' a comment // or # one" "' a comment // or # one" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        service_s_19 = softwareSystem "\"quoted\" \"twice\"" "\"quoted\" \"twice\"" "External,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        service_s_20 = softwareSystem "model { } views { }" "model { } views { }" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        service_s_21 = softwareSystem "100 %" "100 %" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        service_s_22 = softwareSystem "word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word" "word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        service_s_23 = softwareSystem "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx (s-23)" "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        step_all = softwareSystem "<script>alert(\"1\")</script> (all)" "<script>alert(\"1\")</script>: <script>alert(\"1\")</script> · ]]> --> <!-- & &amp; &#60;: ]]> --> <!-- & &amp; &#60; · back⧵slash ⧵N ⧵G ⧵l ⧵: back⧵slash ⧵N ⧵G ⧵l ⧵ · two lines and tabs: two lines and tabs · 買い物かご 決済サービス: 買い物かご 決済サービス · סל קניות: סל קניות" "Step of the journey,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        customer_ = person "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx (customer:)" "" "Customer,back⧵slash ⧵N ⧵G ⧵l ⧵" {
        }
        group "]]> --> <!-- & &amp; &#60;" {
            service_s_0 = softwareSystem "<script>alert(\"1\")</script> (s-0)" "<script>alert(\"1\")</script>" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
            }
            service_s_1 = softwareSystem "]]> --> <!-- & &amp; &#60;" "]]> --> <!-- & &amp; &#60;" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
            }
            service_s_2 = softwareSystem "back⧵slash ⧵N ⧵G ⧵l ⧵" "back⧵slash ⧵N ⧵G ⧵l ⧵" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
            }
            service_s_3 = softwareSystem "two lines and tabs" "two lines and tabs" "Service,back⧵slash ⧵N ⧵G ⧵l ⧵" {
            }
        }
        service_s_0 -> service_s_1 "<script>alert(\"1\")</script>" "" "degraded without it"
        service_s_1 -> service_s_2 "]]> --> <!-- & &amp; &#60;" "" "degraded without it"
        service_s_2 -> service_s_3 "back⧵slash ⧵N ⧵G ⧵l ⧵" "" "degraded without it"
        service_s_3 -> service_s_4 "two lines and tabs" "" "degraded without it"
        service_s_4 -> service_s_5 "買い物かご 決済サービス" "" "degraded without it"
        service_s_5 -> service_s_6 "סל קניות" "" "degraded without it"
        service_s_6 -> service_s_7 "end" "" "degraded without it"
        service_s_7 -> service_s_8 "class" "" "degraded without it"
        service_s_8 -> service_s_9 "subgraph x; style a fill:red %%{init}%%" "" "degraded without it"
        service_s_9 -> service_s_10 "#quot; #35; `code` **bold** __x__ //x//…" "" "degraded without it"
        service_s_10 -> service_s_11 "@startuml" "" "degraded without it"
        service_s_11 -> service_s_12 "@enduml" "" "degraded without it"
        service_s_12 -> service_s_13 "!define x y" "" "degraded without it"
        service_s_13 -> service_s_14 "$x $⁠{HOME} $⁠{x} %date() <U+0041>…" "" "degraded without it"
        service_s_14 -> service_s_15 "'); }; a = b -> c" "" "degraded without it"
        service_s_15 -> service_s_16 "{a|b} <b>bold</b> [[https://x]] ]" "" "degraded without it"
        service_s_16 -> service_s_17 ":::class click n1 call evil()" "" "degraded without it"
        service_s_17 -> service_s_18 "* = - + | .. == bullets" "" "degraded without it"
        service_s_18 -> service_s_19 "' a comment // or # one" "" "degraded without it"
        service_s_19 -> service_s_20 "\"quoted\" \"twice\"" "" "degraded without it"
        service_s_20 -> service_s_21 "model { } views { }" "" "degraded without it"
        service_s_21 -> service_s_22 "100 %" "" "degraded without it"
        service_s_22 -> service_s_23 "word word word word word word word word…" "" "degraded without it"
    }
    views {
        systemLandscape "picture" {
            title "<script>alert(\"1\")</script>"
            include *
            autoLayout lr
        }
        styles {
            element "Element" {
                shape RoundedBox
                color "#1b2733"
            }
            element "Customer" {
                shape Person
            }
            element "External" {
                shape RoundedBox
                border dashed
            }
            element "Service" {
                shape RoundedBox
            }
            element "Step of the journey" {
                shape RoundedBox
            }
            element "back⧵slash ⧵N ⧵G ⧵l ⧵" {
                background "#ffffff"
                stroke "#6f7d8b"
                color "#1b2733"
            }
            relationship "degraded without it" {
                style dashed
                color "#4f5e6d"
                thickness 1
            }
        }
    }
}
